package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.text.Utf8Length;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of readings: {@code values} objects and batches of them, in JSON or CBOR. One instance
 * decodes one message, on one thread.
 */
final class ReadingsDecoder {
  /** Below this number of readings, a repeated metric is found by a linear search. */
  private static final int FEW = 8;

  private static final String NESTED_OBJECT =
      "contains an object; for an agent's format add ?format=telegraf, collectd, tasmota or"
          + " the-things-stack (see docs/agents.md); to store the object as a value, wrap the"
          + " payload as {\"values\":{…}}";
  private static final String UNEXPECTED_ARRAY =
      "must be an object of metrics and values; got an array (for collectd's format add"
          + " ?format=collectd, see docs/agents.md)";
  private static final int MAX_TIME_NAME = 16;
  private static final Set<String> TIME_NAMES =
      Set.of(
          "ts", "t", "time", "timestamp", "datetime", "date", "epoch", "unixtime", "timestamp_ms");

  private final JsonParser in;
  private final PayloadLimits limits;
  private final TimestampParser timestamps;
  private final List<Reading> readings = new ArrayList<>(4);
  private final Map<String, Integer> positions = new HashMap<>();
  private Map<String, String> units = Map.of();
  private int skipped;
  private boolean bare;

  ReadingsDecoder(JsonParser in, PayloadLimits limits, TimestampParser timestamps) {
    this.in = in;
    this.limits = limits;
    this.timestamps = timestamps;
  }

  /** The readings so far, in order. */
  List<Reading> readings() {
    return readings;
  }

  /** Number of null values, by which most firmware means that there is no reading. */
  int skipped() {
    return skipped;
  }

  /** The units that were named so far, by metric. */
  Map<String, String> units() {
    return units;
  }

  /** Notes the unit of a metric. */
  void unit(String metric, String unit) {
    if (units.isEmpty()) {
      units = new HashMap<>();
    }
    units.put(metric, unit);
  }

  /** Counts a null value. */
  void skip() {
    skipped++;
  }

  /** Refuses a message without readings; call after reading all of it. */
  static void requireSome(List<Reading> readings, int skipped, @Nullable String field) {
    if (readings.isEmpty()) {
      String what = skipped > 0 ? " contains only null values" : " contains no readings";
      throw new Refusal(
          Refusal.ErrorCode.INVALID, field, (field == null ? "the payload" : field) + what);
    }
  }

  /** Whether a field's name suggests a timestamp. */
  static boolean looksLikeTime(String name) {
    return name.length() <= MAX_TIME_NAME && TIME_NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The refusal of a misnamed timestamp, which would otherwise be ignored silently. */
  static Refusal didYouMeanTs(JsonParser in, String name) {
    return DecodeErrors.below(
        in, name, Refusal.ErrorCode.INVALID, "is not a known field; did you mean ts?");
  }

  /** Whether every reading has its own timestamp. */
  boolean stamped() {
    for (int i = 0; i < readings.size(); i++) {
      if (readings.get(i).ts() == DeviceMessage.NO_TS) {
        return false;
      }
    }
    return true;
  }

  /** Reads the current batch, an array of {@code {"ts"?, "values"}}. */
  void batch() throws IOException {
    require(JsonToken.START_ARRAY, "an array of {\"ts\", \"values\"} objects");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      instant();
    }
    if (isBare(0, 0)) {
      throw DecodeErrors.at(
          in, Refusal.ErrorCode.INVALID, "is empty; expected {\"ts\", \"values\"} objects");
    }
  }

  /**
   * Reads the current {@code {"ts"?, "values"}} object. Other fields are ignored, unless ts is
   * absent and the field's name suggests a timestamp.
   */
  void instant() throws IOException {
    require(JsonToken.START_OBJECT, "an object with \"values\"");
    int first = readings.size();
    int before = skipped;
    long ts = DeviceMessage.NO_TS;
    String timeLike = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "ts" -> ts = timestamps.read(in);
        case "values" -> values(DeviceMessage.NO_TS);
        default -> {
          timeLike = looksLikeTime(name) ? name : timeLike;
          in.skipChildren();
        }
      }
    }
    if (isBare(first, before)) {
      throw DecodeErrors.below(in, "values", Refusal.ErrorCode.INVALID, "is missing");
    }
    if (ts == DeviceMessage.NO_TS && timeLike != null) {
      throw didYouMeanTs(in, timeLike);
    }
    stamp(first, ts);
  }

  /** Reads a payload that is itself the values object; an object in it may be an agent's. */
  void bareValues() throws IOException {
    bare = true;
    values(DeviceMessage.NO_TS);
  }

  /** Reads the current object of metrics and values. */
  void values(long ts) throws IOException {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, UNEXPECTED_ARRAY);
    }
    require(JsonToken.START_OBJECT, "an object of metrics and values");
    int first = readings.size();
    int before = skipped;
    positions.clear();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String metric = metric(in.currentName());
      if (in.nextToken() == JsonToken.VALUE_NULL) {
        skip();
      } else {
        add(first, new Reading(metric, ts, value()));
      }
    }
    if (isBare(first, before)) {
      String what =
          "is empty; expected an object of metrics and values such as {\"temperature\":21.4}";
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, what);
    }
  }

  /** Whether no reading and no null was read since. */
  private boolean isBare(int first, int before) {
    return readings.size() == first && skipped == before;
  }

  /** Sets the timestamp of the readings from the given index on. */
  void stamp(int first, long ts) {
    for (int i = first; ts != DeviceMessage.NO_TS && i < readings.size(); i++) {
      Reading reading = readings.get(i);
      readings.set(i, new Reading(reading.metric(), ts, reading.value()));
    }
  }

  /** Adds a reading with a validated name and value. */
  void add(Reading reading) {
    if (readings.size() == limits.readings()) {
      String what = "exceeds the limit of " + limits.readings() + " readings per message";
      throw DecodeErrors.at(in, Refusal.ErrorCode.TOO_LARGE, what);
    }
    readings.add(reading);
  }

  /** Adds a reading; the last value of a repeated metric wins. */
  private void add(int first, Reading reading) {
    int position = find(first, reading.metric());
    if (position < 0) {
      add(reading);
    } else {
      readings.set(position, reading);
    }
  }

  private int find(int first, String metric) {
    int size = readings.size();
    if (size - first >= FEW) {
      return findIndexed(first, metric);
    }
    for (int i = first; i < size; i++) {
      if (readings.get(i).metric().equals(metric)) {
        return i;
      }
    }
    return -1;
  }

  private int findIndexed(int first, String metric) {
    for (int i = first + positions.size(); i < readings.size(); i++) {
      positions.put(readings.get(i).metric(), i);
    }
    return positions.getOrDefault(metric, -1);
  }

  /** The validated, interned metric name. */
  String metric(String name) {
    if (name.isEmpty() || name.length() > limits.nameLength()) {
      String what =
          "has an invalid metric name; expected 1 to " + limits.nameLength() + " characters";
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, what);
    }
    if (Utf8Length.hasControls(name) || Utf8Length.utf8Length(name) == Utf8Length.BROKEN) {
      throw DecodeErrors.at(
          in,
          Refusal.ErrorCode.INVALID,
          "has a metric name with a control character or a lone surrogate");
    }
    return MetricNameInterner.of(MetricNameInterner.normalized(name));
  }

  /** The current value. */
  Value value() throws IOException {
    return switch (in.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Num(Numbers.read(in));
      case VALUE_TRUE -> CommonValues.TRUE;
      case VALUE_FALSE -> CommonValues.FALSE;
      case VALUE_STRING -> text(in.getText());
      case START_OBJECT, START_ARRAY -> json();
      case VALUE_NULL, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
          throw DecodeErrors.expected(in, "a number, boolean, string, object or array");
    };
  }

  private Value.Json json() throws IOException {
    if (bare && in.currentToken() == JsonToken.START_OBJECT) {
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, NESTED_OBJECT);
    }
    Value.Json value = new Value.Json(CompactJson.read(in, limits.jsonBytes()));
    if (bare && value.json().startsWith("[{")) {
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, NESTED_OBJECT);
    }
    return value;
  }

  /** The values of the current object; values of nested objects have dotted names. */
  Map<String, Value> nested() throws IOException {
    require(JsonToken.START_OBJECT, "an object");
    NestedValues values = new NestedValues(in, this, limits);
    values.object("", Set.of());
    return values.values();
  }

  /** The text as a value. */
  Value.Text text(String text) {
    int bytes = Utf8Length.utf8Length(text);
    if (bytes == Utf8Length.BROKEN) {
      throw DecodeErrors.at(
          in, Refusal.ErrorCode.INVALID, "contains a lone surrogate (half a UTF-16 pair)");
    }
    if (bytes > limits.textBytes()) {
      String what = "has " + bytes + " bytes; the limit for a string is " + limits.textBytes();
      throw DecodeErrors.at(in, Refusal.ErrorCode.TOO_LARGE, what);
    }
    return new Value.Text(text);
  }

  /** The current string, for a part of a metric name. */
  String text() throws IOException {
    require(JsonToken.VALUE_STRING, "a string");
    return in.getText();
  }

  /** Refuses the current value unless it is of this type. */
  void require(JsonToken token, String expected) {
    if (in.currentToken() != token) {
      throw DecodeErrors.expected(in, expected);
    }
  }
}
