package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of SenML packs in JSON and CBOR (RFC 8428).
 *
 * <p>Base fields apply from their record on; a record's own fields are reset before each record.
 * Units are noted by metric, and may be metric names (see {@link #metric}). A sum ({@code s}) is a
 * separate reading, named like the metric with {@code .sum}; data ({@code vd}) is stored as
 * base64url text. One instance decodes one pack, on one thread.
 */
final class SenmlDecoder {
  private static final String URN = "urn:dev:";
  private static final int VERSION = 10; // [RFC 8428, 4.4]
  private static final double RELATIVE = 1 << 28; // [RFC 8428, 4.5.3]

  private final JsonParser in;
  private final ReadingsDecoder readings;
  private final TimestampParser timestamps;
  private final String device;

  private String baseName = "";
  private String baseUnit = "";
  private double baseTime;
  private double baseValue;
  private double baseSum;

  private String name = "";
  private String unit = "";
  private double time;
  private double sum;
  private boolean hasSum;
  private boolean isBase;
  private boolean isNull;
  private @Nullable Value value;

  SenmlDecoder(JsonParser in, ReadingsDecoder readings, TimestampParser timestamps, String device) {
    this.in = in;
    this.readings = readings;
    this.timestamps = timestamps;
    this.device = device;
  }

  /** Reads the current pack, an array of records. */
  void pack() throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw DecodeErrors.expected(in, "a SenML pack (an array of records)");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      record();
    }
    if (readings.readings().isEmpty() && readings.skipped() == 0) {
      String what = "contains no readings; expected SenML records or {\"ts\", \"values\"} objects";
      throw DecodeErrors.at(in, ErrorCode.INVALID, what);
    }
  }

  private void record() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw DecodeErrors.expected(in, "a SenML record (an object)");
    }
    name = "";
    unit = "";
    time = 0;
    hasSum = false;
    isBase = true;
    isNull = false;
    value = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String label = in.currentName();
      in.nextToken();
      field(label);
    }
    resolve();
  }

  /** Labels are strings, or the integers of CBOR, which the parser returns as digits. */
  private void field(String label) throws IOException {
    switch (label) {
      case "bn", "-2" -> baseName = text();
      case "bt", "-3" -> baseTime = number();
      case "bv", "-5" -> baseValue = number();
      case "bs", "-6" -> baseSum = number();
      case "bu", "-4" -> baseUnit = text();
      case "bver", "-1" -> version();
      default -> own(label);
    }
  }

  private void own(String label) throws IOException {
    isBase = false;
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      isNull = true;
      return;
    }
    switch (label) {
      case "n", "0" -> name = text();
      case "u", "1" -> unit = text();
      case "t", "6" -> time = number();
      case "s", "5" -> sum();
      case "v", "2" -> value(new Value.Num(number()));
      case "vs", "3" -> value(readings.text(text()));
      case "vb", "4" -> value(flag());
      case "vd", "8" -> value(readings.text(data()));
      default -> unknown(label);
    }
  }

  /** A label with a trailing underscore must be understood. [RFC 8428, 4.4] */
  private void unknown(String label) throws IOException {
    if (label.endsWith("_")) {
      throw DecodeErrors.at(
          in, ErrorCode.INVALID, "is a mandatory field that is not supported (RFC 8428, 4.4)");
    }
    in.skipChildren();
  }

  private void version() throws IOException {
    if (number() > VERSION) {
      throw DecodeErrors.at(
          in, ErrorCode.INVALID, "must be at most " + VERSION + ", the newest supported version");
    }
  }

  private void sum() throws IOException {
    sum = number();
    hasSum = true;
  }

  private void value(Value found) {
    if (value != null) {
      throw DecodeErrors.at(
          in, ErrorCode.INVALID, "is a second value; a SenML record has at most one");
    }
    value = found;
  }

  private double number() throws IOException {
    JsonToken token = in.currentToken();
    if (token == null || !token.isNumeric()) {
      throw DecodeErrors.expected(in, "a number");
    }
    return Numbers.read(in);
  }

  private String text() throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw DecodeErrors.expected(in, "a string");
    }
    return in.getText();
  }

  private Value flag() {
    return switch (in.currentToken()) {
      case VALUE_TRUE -> CommonValues.TRUE;
      case VALUE_FALSE -> CommonValues.FALSE;
      default -> throw DecodeErrors.expected(in, "a boolean");
    };
  }

  private String data() throws IOException {
    boolean bytes = in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT;
    return bytes && in.getEmbeddedObject() instanceof byte[] data
        ? Base64.getUrlEncoder().withoutPadding().encodeToString(data)
        : text();
  }

  /** Adds the readings of a complete record. [RFC 8428, 4.6] */
  private void resolve() {
    if (value == null && !hasSum && isBase) {
      return; // network servers often start a pack with such a record
    }
    if (value == null && !hasSum && isNull) {
      readings.skip();
      return;
    }
    if (value == null && !hasSum) {
      throw DecodeErrors.at(
          in, ErrorCode.INVALID, "has no value; expected one of v, vs, vb, vd and s");
    }
    String metric = metric(baseName + name);
    long ts = timestamp(baseTime + time);
    if (value instanceof Value.Num own) {
      add(metric, ts, finite(baseValue + own.number()));
      noteUnit();
    } else if (value != null) {
      readings.add(new Reading(readings.metric(metric), ts, value));
    }
    if (hasSum) {
      add(metric + ".sum", ts, finite(baseSum + sum));
    }
  }

  private void add(String metric, long ts, double number) {
    readings.add(new Reading(readings.metric(metric), ts, new Value.Num(number)));
  }

  /** The unit of the number that was added last; a sum has another one. */
  private void noteUnit() {
    String measured = unit.isEmpty() ? baseUnit : unit;
    if (!measured.isEmpty()) {
      readings.unit(readings.readings().getLast().metric(), measured);
    }
  }

  private double finite(double number) {
    if (!Double.isFinite(number)) {
      throw DecodeErrors.at(
          in, ErrorCode.NOT_FINITE, "must have a finite sum of base value and value");
    }
    return number;
  }

  /** Unix seconds, or seconds relative to now if small; 0 means "now". [RFC 8428, 4.5.3] */
  private long timestamp(double seconds) {
    if (seconds == 0) {
      return DeviceMessage.NO_TS;
    }
    return seconds < RELATIVE
        ? timestamps.checked(in, timestamps.now() + seconds * 1_000, TimestampUnit.MILLISECONDS)
        : timestamps.checked(in, seconds, TimestampUnit.SECONDS);
  }

  /**
   * The metric name in a SenML name: the part after the device's id.
   *
   * <ul>
   *   <li>{@code urn:dev:…:<device>:metric}, or the part after the last colon of a {@code urn:dev:}
   *   <li>{@code <device>:metric} or {@code <device>/metric}
   *   <li>the unit if the name is only the device's id (a device may measure several quantities
   *       under its bare name); {@code value} without a unit
   *   <li>otherwise the whole name
   * </ul>
   */
  private String metric(String name) {
    int end = endOfDevice(name);
    if (end > 0 && end == name.length()) {
      String measured = unit.isEmpty() ? baseUnit : unit;
      return measured.isEmpty() ? "value" : measured;
    }
    if (end > 0) {
      return name.substring(end + 1);
    }
    return name.startsWith(URN) ? name.substring(name.lastIndexOf(':') + 1) : name;
  }

  /** End of the device's id in a name that starts with it; 0 if it does not. */
  private int endOfDevice(String name) {
    int from = name.startsWith(URN) ? name.indexOf(":" + device) + 1 : 0;
    int end = from + device.length();
    if (!name.startsWith(device, from) || end > name.length()) {
      return 0;
    }
    boolean whole = end == name.length() || name.charAt(end) == ':' || name.charAt(end) == '/';
    return whole ? end : 0;
  }
}
