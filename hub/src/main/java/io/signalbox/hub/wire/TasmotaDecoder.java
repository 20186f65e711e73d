package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Reads the JSON that Tasmota sends as telemetry: nested objects become names with points between.
 * {@code Epoch}, a {@code Time} in seconds or one with an offset is the timestamp; a local {@code
 * Time} without one says nothing of when, and the time of arrival counts.
 */
final class TasmotaDecoder implements AgentDecoder {
  private static final Pattern LOCAL =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?");

  private final JsonParser in;
  private final ReadingsDecoder readings;
  private final TimestampParser timestamps;
  private final NestedValues values;
  private long ts = DeviceMessage.NO_TS;

  TasmotaDecoder(
      JsonParser in, ReadingsDecoder readings, TimestampParser timestamps, PayloadLimits limits) {
    this.in = in;
    this.readings = readings;
    this.timestamps = timestamps;
    this.values = new NestedValues(in, readings, limits);
  }

  @Override
  public void read() throws IOException {
    readings.require(JsonToken.START_OBJECT, "is no object of Tasmota's");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "Time" -> time();
        case "Epoch" -> ts = timestamps.read(in);
        default -> values.field(name);
      }
    }
    values.values().forEach((metric, value) -> readings.add(new Reading(metric, ts, value)));
  }

  private void time() throws IOException {
    boolean isLocal =
        in.currentToken() == JsonToken.VALUE_STRING && LOCAL.matcher(in.getText()).matches();
    if (!isLocal && ts == DeviceMessage.NO_TS) {
      ts = timestamps.read(in);
    }
  }
}
