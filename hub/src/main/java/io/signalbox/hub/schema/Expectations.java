package io.signalbox.hub.schema;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Texts of the library's errors. A text that ends in "is" is completed with the value that came.
 */
final class Expectations {
  private static final Map<String, String> TYPES =
      Map.of(
          "null", "null",
          "boolean", "true or false",
          "string", "a string",
          "integer", "a whole number",
          "number", "a number",
          "array", "an array",
          "object", "an object");

  private Expectations() {}

  /**
   * The text of an error.
   *
   * @param key the library's key of the keyword
   * @param arguments as the library gives them: mostly what came, then what was expected
   */
  static String text(String key, Object... arguments) {
    return switch (key) {
      case "type" -> "must be " + types(arguments[1]) + ", is";
      case "maximum" -> "must be at most " + shown(arguments[1]) + ", is";
      case "exclusiveMaximum" -> "must be below " + shown(arguments[1]) + ", is";
      case "minimum" -> "must be at least " + shown(arguments[1]) + ", is";
      case "exclusiveMinimum" -> "must be above " + shown(arguments[1]) + ", is";
      case "maxLength" -> "must have at most " + counted(arguments[1], "character") + ", is";
      case "minLength" -> "must have at least " + counted(arguments[1], "character") + ", is";
      case "maxItems" -> "must have at most " + has(arguments, "element");
      case "minItems" -> "must have at least " + has(arguments, "element");
      case "maxProperties" -> "must have at most " + has(arguments, "member");
      case "minProperties" -> "must have at least " + has(arguments, "member");
      case "maxContains" -> "must have at most " + has(arguments, "matching element");
      case "minContains" -> "must have at least " + has(arguments, "matching element");
      case "contains" -> "must have at least 1 matching element, has none";
      case "dependentRequired" -> "must also have " + names(arguments[0]);
      case "anyOf" -> "must fit one of the alternatives of anyOf, is";
      case "oneOf" ->
          "must fit exactly one of the alternatives of oneOf, fits "
              + (arguments[0].equals(0) ? "none" : arguments[0]);
      case "not" -> "must not fit the schema of not, is";
      case "falseSchema" -> "is not allowed";
      default -> "must fit " + key;
    };
  }

  private static String types(Object names) {
    return names instanceof Collection<?> types
        ? types.stream()
            .map(name -> TYPES.getOrDefault(String.valueOf(name), String.valueOf(name)))
            .collect(Collectors.joining(" or "))
        : String.valueOf(names);
  }

  private static String names(Object names) {
    return names instanceof Collection<?> several
        ? several.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "))
        : String.valueOf(names);
  }

  private static String has(Object[] arguments, String noun) {
    return counted(arguments[1], noun) + ", has " + arguments[0];
  }

  private static String counted(Object number, String noun) {
    return number + " " + (number.equals(1) ? noun : noun + "s");
  }

  private static String shown(Object number) {
    return number instanceof BigDecimal decimal
        ? ExactNumber.shown(decimal)
        : String.valueOf(number);
  }
}
