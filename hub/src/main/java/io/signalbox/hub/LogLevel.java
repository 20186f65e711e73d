package io.signalbox.hub;

/** Log level of the hub. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG
}
