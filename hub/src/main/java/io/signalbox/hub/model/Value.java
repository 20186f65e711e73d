package io.signalbox.hub.model;

/**
 * A measured value. Numbers are IEEE 754 binary64, as RFC 8259 recommends for interoperability;
 * they are always finite.
 */
public sealed interface Value {
  /** A finite number, stored bit for bit. */
  record Num(double number) implements Value {}

  /** A boolean. */
  record Flag(boolean on) implements Value {}

  /** A string of at most 4 KiB in UTF-8. */
  record Text(String text) implements Value {}

  /** A JSON object or array of at most 16 KiB, as compact JSON text. */
  record Json(String json) implements Value {}
}
