package io.signalbox.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.types.model.JsonPointers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The difference between two definitions, a line for each change. The order of members does not
 * matter, and {@code 40} equals {@code 40.0}.
 */
final class TypeDifference {
  /** Compares numbers by value; other values are compared by {@code equals}. */
  private static final Comparator<JsonNode> NUMBERS =
      (left, right) ->
          left.isNumber() && right.isNumber()
              ? left.decimalValue().compareTo(right.decimalValue())
              : left.equals(right) ? 0 : 1;

  private final List<String> lines = new ArrayList<>();

  private TypeDifference() {}

  /** Lines such as {@code ~ /metrics/flow/max: 40 -> 60}; empty if the definitions are equal. */
  static List<String> between(JsonNode before, JsonNode after) {
    TypeDifference difference = new TypeDifference();
    difference.compare("", before, after);
    return difference.lines;
  }

  private void compare(String pointer, JsonNode before, JsonNode after) {
    if (before instanceof ObjectNode old && after instanceof ObjectNode now) {
      compareMembers(pointer, old, now);
    } else if (!before.equals(NUMBERS, after)) {
      lines.add("~ " + pointer + ": " + before + " -> " + after);
    }
  }

  private void compareMembers(String pointer, ObjectNode before, ObjectNode after) {
    for (Map.Entry<String, JsonNode> member : before.properties()) {
      String place = JsonPointers.child(pointer, member.getKey());
      JsonNode now = after.get(member.getKey());
      if (now == null) {
        lines.add("- " + place + ": " + member.getValue());
      } else {
        compare(place, member.getValue(), now);
      }
    }
    for (Map.Entry<String, JsonNode> member : after.properties()) {
      if (!before.has(member.getKey())) {
        lines.add("+ " + JsonPointers.child(pointer, member.getKey()) + ": " + member.getValue());
      }
    }
  }
}
