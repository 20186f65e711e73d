package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of metrics that the converters have in common. */
final class MetricWriter {
  private static final int MAX_DECIMALS = 15;

  private MetricWriter() {}

  /** Puts the unit of a model's member, as a code if it is known. */
  static void putUnit(ObjectNode metric, ModelObject source) {
    String unit = source.text("unit");
    if (unit == null) {
      return;
    }
    String code = UnitCodes.of(unit);
    if (code != null) {
      metric.put("unit", code);
    } else if (UnitCodes.isPlain(unit)) {
      metric.put("unit", unit);
    } else {
      source.drop("unit", "the unit " + unit + " is not known");
    }
  }

  /** Puts the kind {@code enum} with its labels. */
  static void putValues(ObjectNode metric, Map<String, String> labels) {
    metric.put("kind", "enum");
    ObjectNode values = metric.putObject("values");
    labels.forEach(values::put);
  }

  /** Puts the display range, if it is one. */
  static void putRange(ObjectNode metric, ModelObject source) {
    BigDecimal min = source.number("minimum");
    BigDecimal max = source.number("maximum");
    if (min != null && max != null && min.compareTo(max) >= 0) {
      source.drop("minimum", "the range is empty");
      source.drop("maximum", "the range is empty");
      return;
    }
    if (min != null) {
      metric.set("min", source.peek("minimum"));
    }
    if (max != null) {
      metric.set("max", source.peek("maximum"));
    }
  }

  /** Puts the number of decimals that steps of this size have. */
  static void putDecimals(ObjectNode metric, @Nullable BigDecimal step) {
    if (step != null) {
      int decimals = Math.max(0, step.stripTrailingZeros().scale());
      metric.put("decimals", Math.min(decimals, MAX_DECIMALS));
    }
  }

  /** The text of a value, by which its label is found. */
  static String key(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
