package io.signalbox.types.model;

import java.util.Locale;

/** Names of types made from those of models. */
final class TypeNames {
  private static final int LENGTH = 64;

  private TypeNames() {}

  /** Lower case with hyphens: {@code IrrigationValve} and {@code Irrigation valve} are equal. */
  static String of(String title) {
    String words =
        title
            .replaceAll("(?<=[\\p{Ll}\\d])(?=\\p{Lu})", "-")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N}]+", "-");
    String name =
        words.codePointCount(0, words.length()) > LENGTH
            ? words.substring(0, words.offsetByCodePoints(0, LENGTH))
            : words;
    return name.replaceAll("^-+|-+$", "");
  }
}
