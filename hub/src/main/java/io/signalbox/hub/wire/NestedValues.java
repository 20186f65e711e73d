package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Gathers the values of an object, those of nested objects under names with points between: {@code
 * AM2301.Temperature}. Null is no value. Made for one object, used by one thread.
 */
final class NestedValues {
  private final JsonParser in;
  private final ReadingsDecoder readings;
  private final PayloadLimits limits;
  private final Map<String, Value> values = new LinkedHashMap<>();

  NestedValues(JsonParser in, ReadingsDecoder readings, PayloadLimits limits) {
    this.in = in;
    this.readings = readings;
    this.limits = limits;
  }

  /** The values so far, by name, in the order in which they came. */
  Map<String, Value> values() {
    return values;
  }

  /** Takes the object that the parser is at, but for the fields of these names in it. */
  void object(String prefix, Set<String> except) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      if (except.contains(name)) {
        in.skipChildren();
      } else {
        field(prefix + name);
      }
    }
  }

  /** Takes the value that the parser is at under this name. */
  void field(String name) throws IOException {
    String metric = readings.metric(name);
    switch (in.currentToken()) {
      case START_OBJECT -> object(metric + ".", Set.of());
      case VALUE_NULL -> readings.skip();
      default -> put(metric, readings.value());
    }
  }

  private void put(String metric, Value value) {
    if (values.size() == limits.readings()) {
      String what = "is more than the " + limits.readings() + " readings that a message may hold";
      throw DecodeErrors.at(in, ErrorCode.TOO_LARGE, what);
    }
    values.put(metric, value);
  }
}
