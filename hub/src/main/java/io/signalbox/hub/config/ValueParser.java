package io.signalbox.hub.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Parser of setting values, in the notation of flags, variables and files. */
final class ValueParser {
  private ValueParser() {}

  /** Parses a value; throws {@code IllegalArgumentException} if the text is not of the type. */
  static Object read(Class<?> type, String text) {
    if (type.isEnum()) {
      return constant(type, text);
    }
    return switch (type.getSimpleName()) {
      case "int" -> Integer.valueOf(text);
      case "long" -> Long.valueOf(text);
      case "double" -> finite(text);
      case "boolean" -> parseBoolean(text);
      case "String" -> text;
      case "Path" -> Path.of(text);
      case "Duration" -> DurationText.parse(text);
      case "AddressRanges" -> AddressRanges.of(text);
      default -> throw new IllegalStateException("unsupported setting type " + type);
    };
  }

  /** Whether the type is a list with comma-separated parts. */
  static boolean isList(Class<?> type) {
    return type == AddressRanges.class;
  }

  /** Whether the value lies in a range such as {@code 1s..1h}; either end may be open. */
  static boolean within(String range, Class<?> type, Object value) {
    int dots = range.indexOf("..");
    String least = range.substring(0, dots);
    String most = range.substring(dots + 2);
    return (least.isEmpty() || compare(read(type, least), value) <= 0)
        && (most.isEmpty() || compare(value, read(type, most)) <= 0);
  }

  /** Description of the type for error messages and help. */
  static String describe(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(ValueParser::lower)
          .collect(Collectors.joining(", "));
    }
    return switch (type.getSimpleName()) {
      case "int", "long" -> "a whole number";
      case "double" -> "a number";
      case "boolean" -> "true, false";
      case "Path" -> "a path";
      case "AddressRanges" -> "IP addresses and networks such as 127.0.0.1, 10.0.0.0/8, ::1";
      case "Duration" -> "a duration such as 500ms, 30s, 5m, 2h, 7d";
      default -> "text";
    };
  }

  /** Placeholder of a value in the help. */
  static String label(Class<?> type) {
    if (type.isEnum()) {
      return describe(type).replace(", ", "|");
    }
    return switch (type.getSimpleName()) {
      case "int", "long", "double" -> "N";
      case "boolean" -> "true|false";
      case "Path" -> "PATH";
      case "AddressRanges" -> "LIST";
      case "Duration" -> "SPAN";
      default -> "TEXT";
    };
  }

  private static Object constant(Class<?> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> lower(each).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(text));
  }

  private static String lower(Object constant) {
    return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Double finite(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static Boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  @SuppressWarnings("unchecked") // both were parsed as the same type
  private static int compare(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }
}
