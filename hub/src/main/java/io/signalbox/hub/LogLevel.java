package io.signalbox.hub;

/** How much the hub says on standard error. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG
}
