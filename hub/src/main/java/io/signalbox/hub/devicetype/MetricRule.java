package io.signalbox.hub.devicetype;

import io.signalbox.hub.devicetype.DeviceType.Kind;
import io.signalbox.hub.devicetype.DeviceType.MetricType;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Value;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which values a metric takes, by its kind. Ranges are for display and alarms and are not checked.
 * Immutable; safe on any thread.
 */
final class MetricRule {
  /** Keys of an enumeration that stand for numbers, as JSON writes them. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  private static final int SHOWN_VALUES = 10;
  private static final double LARGEST_WHOLE = 1e15;

  private final @Nullable Kind kind;

  /** The values of an enumeration as texts; empty if the metric has none. */
  private final Set<String> values;

  /** Those of the values that are numbers, in ascending order. */
  private final double[] numbers;

  private MetricRule(@Nullable Kind kind, Set<String> values, double[] numbers) {
    this.kind = kind;
    this.values = values;
    this.numbers = numbers;
  }

  static MetricRule of(MetricType metric) {
    Set<String> values = metric.values().keySet();
    double[] numbers =
        values.stream()
            .filter(value -> NUMBER.matcher(value).matches())
            .mapToDouble(value -> normalized(Double.parseDouble(value)))
            .sorted()
            .toArray();
    return new MetricRule(metric.kind(), values, numbers);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MetricRule rule && kind == rule.kind && values.equals(rule.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, values);
  }

  /** Whether the metric covers those whose names begin with its name and a dot. */
  boolean coversFields() {
    return kind == Kind.OBJECT;
  }

  boolean fits(Value value) {
    return kind == null
        || switch (kind) {
          case NUMBER -> value instanceof Value.Num;
          case BOOLEAN -> value instanceof Value.Flag;
          case TEXT -> value instanceof Value.Text;
          case OBJECT -> value instanceof Value.Json;
          case ENUM -> isListed(value);
        };
  }

  /** The listed values are texts, but stand for numbers and booleans as well. */
  private boolean isListed(Value value) {
    return switch (value) {
      case Value.Text text -> values.isEmpty() || values.contains(text.text());
      case Value.Num num ->
          values.isEmpty() || Arrays.binarySearch(numbers, normalized(num.number())) >= 0;
      case Value.Flag flag -> values.isEmpty() || values.contains(flag.on() ? "true" : "false");
      case Value.Json json -> false;
    };
  }

  /** A binary search distinguishes the two zeros. */
  private static double normalized(double number) {
    return number + 0.0;
  }

  /** What is wrong with a value that does not fit: {@code must be a number, is the text "12"}. */
  String fault(Value value) {
    return "must be " + expected() + ", is " + shown(value);
  }

  private String expected() {
    return switch (kind) {
      case null -> "a value";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case TEXT -> "a text";
      case OBJECT -> "an object or an array";
      case ENUM ->
          values.isEmpty() ? "a text, a number or a boolean" : "one of " + first(SHOWN_VALUES);
    };
  }

  private String first(int most) {
    String listed =
        values.stream().limit(most).map(MetricRule::quoted).collect(Collectors.joining(", "));
    int more = values.size() - most;
    return more > 0 ? listed + " and " + more + " more" : listed;
  }

  private static String shown(Value value) {
    return switch (value) {
      case Value.Num num -> "the number " + plain(num.number());
      case Value.Flag flag -> "the boolean " + flag.on();
      case Value.Text text -> "the text " + quoted(text.text());
      case Value.Json json -> json.json().startsWith("[") ? "an array" : "an object";
    };
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < LARGEST_WHOLE
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static String quoted(String text) {
    if (text.length() <= Json.BRIEF) {
      return Json.quoted(text);
    }
    // A half of a surrogate pair is no text.
    int end = Character.isHighSurrogate(text.charAt(Json.BRIEF - 1)) ? Json.BRIEF - 1 : Json.BRIEF;
    return Json.quoted(text.substring(0, end) + "...");
  }
}
