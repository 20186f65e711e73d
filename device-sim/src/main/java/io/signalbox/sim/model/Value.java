package io.signalbox.sim.model;

/** Value of a channel: a number, a boolean or a string. */
public sealed interface Value {

  /** A finite number. */
  record Num(double number) implements Value {}

  /** True or false. */
  record Flag(boolean flag) implements Value {}

  /** A short text, such as a mode's name. */
  record Text(String text) implements Value {}
}
