package io.signalbox.sim.model;

/** What a channel of a device reads: a number, a flag or a word. */
public sealed interface Value {

  /** A finite number. */
  record Num(double number) implements Value {}

  /** True or false. */
  record Flag(boolean flag) implements Value {}

  /** A short text, such as a mode's name. */
  record Text(String text) implements Value {}
}
