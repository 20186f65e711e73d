package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Decoder of Tasmota's telemetry JSON; values of nested objects get dotted names. {@code Epoch}, or
 * a {@code Time} in seconds or with an offset, is the timestamp. A local {@code Time} without an
 * offset is ignored, and the readings get the time of arrival.
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
    readings.require(JsonToken.START_OBJECT, "an object of Tasmota telemetry");
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
