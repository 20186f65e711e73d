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
 * Collector of the values of an object; values of nested objects get dotted names: {@code
 * AM2301.Temperature}. Nulls are skipped. One instance reads one object, on one thread.
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

  /** The values read so far by name, in order of arrival. */
  Map<String, Value> values() {
    return values;
  }

  /** Reads the current object, without the fields of these names. */
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

  /** Reads the current value under this name. */
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
      String what = "exceeds the limit of " + limits.readings() + " readings per message";
      throw DecodeErrors.at(in, ErrorCode.TOO_LARGE, what);
    }
    values.put(metric, value);
  }
}
