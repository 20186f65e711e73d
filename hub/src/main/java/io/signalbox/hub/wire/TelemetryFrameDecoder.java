package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decoder of a telemetry frame, field by field. One instance decodes one frame, on one thread. */
final class TelemetryFrameDecoder {
  private static final long MAX_SEQ = 1L << 53;

  private final JsonParser in;
  private final MessageContext sender;
  private final TimestampParser timestamps;
  private final ReadingsDecoder readings;
  private long seq = DeviceMessage.NO_SEQ;
  private long ts = DeviceMessage.NO_TS;
  private @Nullable String shape;
  private @Nullable String timeLike;

  TelemetryFrameDecoder(JsonParser in, MessageContext sender, PayloadLimits limits) {
    this.in = in;
    this.sender = sender;
    this.timestamps = new TimestampParser(sender.now(), limits);
    this.readings = new ReadingsDecoder(in, limits, timestamps);
  }

  /** Reads the current value as this field. */
  void field(String name) throws IOException {
    switch (name) {
      case "seq" -> seq = seq(in);
      case "ts" -> ts = timestamps.read(in);
      case "values", "batch", "senml" -> payload(name);
      default -> other(name);
    }
  }

  private void other(String name) throws IOException {
    if (ReadingsDecoder.looksLikeTime(name)) {
      timeLike = name;
    }
    in.skipChildren();
  }

  private void payload(String name) throws IOException {
    if (shape != null) {
      throw new Refusal(
          ErrorCode.INVALID,
          name,
          name + " cannot be combined with " + shape + "; send one of them");
    }
    shape = name;
    switch (name) {
      case "values" -> readings.values(DeviceMessage.NO_TS);
      case "batch" -> readings.batch();
      default -> new SenmlDecoder(in, readings, timestamps, sender.device()).pack();
    }
  }

  /** The current number as a sequence number. */
  static long seq(JsonParser in) throws IOException {
    boolean whole = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    double number = whole ? Numbers.read(in) : 0;
    if (number < 1 || number > MAX_SEQ) {
      throw DecodeErrors.at(in, ErrorCode.INVALID, "must be a whole number from 1 to 2^53");
    }
    return (long) number;
  }

  /** The complete message. */
  DeviceMessage upload() {
    if (seq == DeviceMessage.NO_SEQ) {
      throw new Refusal(ErrorCode.INVALID, "seq", "seq is missing");
    }
    if (shape == null) {
      throw new Refusal(
          ErrorCode.INVALID, "values", "values is missing; expected values, batch or senml");
    }
    ReadingsDecoder.requireSome(readings.readings(), readings.skipped(), shape);
    if (shape.equals("values")) {
      if (ts == DeviceMessage.NO_TS && timeLike != null) {
        throw ReadingsDecoder.didYouMeanTs(in, timeLike);
      }
      readings.stamp(0, ts);
    } else if (ts != DeviceMessage.NO_TS) {
      throw new Refusal(
          ErrorCode.INVALID,
          "ts",
          "ts cannot be combined with " + shape + "; set the time in each of its entries");
    }
    DeviceMessage.Telemetry telemetry =
        new DeviceMessage.Telemetry(
            seq, readings.readings(), readings.stamped(), readings.skipped());
    Map<String, String> units = readings.units();
    return units.isEmpty() ? telemetry : new DeviceMessage.TelemetryWithUnits(telemetry, units);
  }
}
