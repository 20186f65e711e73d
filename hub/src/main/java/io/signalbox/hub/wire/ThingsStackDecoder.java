package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of uplink messages of The Things Stack (v3): the output of the payload formatter, with
 * the time at which the network received it. Readings of another end device get the tag {@code
 * device}.
 */
record ThingsStackDecoder(
    JsonParser in, ReadingsDecoder readings, TimestampParser timestamps, String device)
    implements AgentDecoder {
  @Override
  public void read() throws IOException {
    Uplink uplink = new Uplink();
    each(uplink::field);
    uplink.resolve();
  }

  /** Calls the handler for each field of the current object. */
  private void each(Field field) throws IOException {
    readings.require(JsonToken.START_OBJECT, "an object");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      field.read(name);
    }
  }

  @FunctionalInterface
  private interface Field {
    void read(String name) throws IOException;
  }

  /** The message; its fields may come in any order. */
  private final class Uplink {
    private @Nullable String endDevice;
    private @Nullable Map<String, Value> decoded;
    private long ts = DeviceMessage.NO_TS;
    private long uplinkTs = DeviceMessage.NO_TS;

    void field(String name) throws IOException {
      switch (name) {
        case "end_device_ids" -> each(this::endDevice);
        case "received_at" -> ts = timestamps.read(in);
        case "uplink_message" -> each(this::uplink);
        default -> in.skipChildren();
      }
    }

    private void endDevice(String name) throws IOException {
      if (name.equals("device_id")) {
        endDevice = readings.text();
      } else {
        in.skipChildren();
      }
    }

    private void uplink(String name) throws IOException {
      switch (name) {
        case "received_at" -> uplinkTs = timestamps.read(in);
        case "decoded_payload" -> decoded = readings.nested();
        default -> in.skipChildren();
      }
    }

    void resolve() {
      if (endDevice == null) {
        throw DecodeErrors.below(in, "end_device_ids.device_id", ErrorCode.INVALID, "is missing");
      }
      Map<String, Value> values = decoded;
      if (values == null) {
        String what = "is missing; set a payload formatter, and forward uplink messages only";
        throw DecodeErrors.below(in, "uplink_message.decoded_payload", ErrorCode.INVALID, what);
      }
      long when = uplinkTs == DeviceMessage.NO_TS ? ts : uplinkTs;
      if (when == DeviceMessage.NO_TS) {
        throw DecodeErrors.below(in, "received_at", ErrorCode.INVALID, "is missing");
      }
      values.forEach((name, value) -> add(name, value, when));
    }

    private void add(String name, Value value, long when) {
      String metric = AgentNames.of(name, "device", endDevice, device);
      readings.add(new Reading(readings.metric(metric), when, value));
    }
  }
}
