package io.signalbox.hub.wire;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fast-path decoder of common telemetry frames, {@code
 * {"type":"telemetry","seq":12,"values":{"v":1.5,"on":true}}}, straight from the bytes; {@code ts}
 * and white space are allowed anywhere.
 *
 * <p>It never refuses: for anything unusual or invalid (escapes, nesting, other fields, other
 * types) it returns null, and {@link DeviceFrameDecoder} decodes the frame from the start. A test
 * verifies that both decode accepted frames alike. It exists because creating a general parser
 * costs more than reading such a frame; {@code DecodeBenchmark} has the figures.
 */
final class FastTelemetryDecoder {
  private static final int MAX_READINGS = 16;

  private final JsonByteScanner in;
  private final PayloadLimits limits;
  private long seq = DeviceMessage.NO_SEQ;
  private long ts = DeviceMessage.NO_TS;
  private boolean isTelemetry;
  private @Nullable List<Reading> readings;

  private FastTelemetryDecoder(JsonByteScanner in, PayloadLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /** The message; null if the general decoder must read the frame. */
  static DeviceMessage.@Nullable Telemetry read(Frame frame, long now, PayloadLimits limits) {
    return new FastTelemetryDecoder(new JsonByteScanner(frame), limits).read(now);
  }

  private DeviceMessage.@Nullable Telemetry read(long now) {
    if (!in.eat('{')) {
      return null;
    }
    do {
      if (!in.string() || !in.eat(':') || !field()) {
        return null;
      }
    } while (in.eat(','));
    boolean whole = in.eat('}') && in.next() == JsonByteScanner.END && isTelemetry && seq > 0;
    if (!whole || readings == null || !isTimestamp(now)) {
      return null;
    }
    return new DeviceMessage.Telemetry(seq, stamped(readings), ts != DeviceMessage.NO_TS, 0);
  }

  private boolean isTimestamp(long now) {
    return ts == DeviceMessage.NO_TS
        || (ts >= TimestampParser.EARLIEST && ts <= now + limits.futureMillis());
  }

  /** Reads a field; false if it is unknown or repeated. */
  private boolean field() {
    return switch (in.length()) {
      case 2 -> ts == DeviceMessage.NO_TS && in.isText("ts") && (ts = in.whole()) >= 0;
      case 3 -> seq == DeviceMessage.NO_SEQ && in.isText("seq") && (seq = in.whole()) > 0;
      case 4 -> !isTelemetry && in.isText("type") && type();
      case 6 -> readings == null && in.isText("values") && values();
      default -> false;
    };
  }

  private boolean type() {
    isTelemetry = in.string() && in.isText("telemetry");
    return isTelemetry;
  }

  private boolean values() {
    List<Reading> found = new ArrayList<>(2);
    if (!in.eat('{')) {
      return false;
    }
    do {
      if (found.size() == MAX_READINGS || !in.string() || !in.eat(':') || !reading(found)) {
        return false;
      }
    } while (in.eat(','));
    readings = found;
    return in.eat('}');
  }

  private boolean reading(List<Reading> found) {
    if (in.length() == 0 || in.length() > limits.nameLength()) {
      return false;
    }
    String metric = in.metric();
    Value value = value();
    if (value == null || isIn(found, metric)) {
      return false;
    }
    return found.add(new Reading(metric, ts, value));
  }

  private static boolean isIn(List<Reading> readings, String metric) {
    for (int i = 0; i < readings.size(); i++) {
      if (readings.get(i).metric().equals(metric)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Value value() {
    int first = in.next();
    return switch (first) {
      case '"' -> in.string() && in.length() <= limits.textBytes() ? in.text() : null;
      case 't' -> in.eat("true") ? CommonValues.TRUE : null;
      case 'f' -> in.eat("false") ? CommonValues.FALSE : null;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> null;
    };
  }

  private Value.@Nullable Num number() {
    double number = in.number();
    return Double.isFinite(number) ? new Value.Num(number) : null;
  }

  /** Sets the readings' timestamp if {@code ts} came after {@code values}. */
  private List<Reading> stamped(List<Reading> found) {
    if (found.getFirst().ts() != ts) {
      found.replaceAll(reading -> new Reading(reading.metric(), ts, reading.value()));
    }
    return found;
  }
}
