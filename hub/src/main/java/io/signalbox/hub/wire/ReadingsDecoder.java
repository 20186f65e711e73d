package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes readings out of a message: {@code values} objects and batches of them. Made for one
 * message, used by one thread. The parser may be of JSON or of CBOR.
 */
final class ReadingsDecoder {
  /** Up to here a repeated metric is looked for by going through the instant. */
  private static final int FEW = 8;

  private static final String NOT_BARE =
      "holds an object: name the agent whose format it is (?format=telegraf, collectd, tasmota,"
          + " the-things-stack; see docs/agents.md), or wrap it as {\"values\":{…}} to keep it"
          + " whole";
  private static final String NO_ARRAY =
      "is an array: expected was an object of metric and value; what collectd sends needs"
          + " ?format=collectd (docs/agents.md)";
  private static final int LONGEST_TIME_NAME = 16;
  private static final Set<String> TIME_NAMES =
      Set.of(
          "ts", "t", "time", "timestamp", "datetime", "date", "epoch", "unixtime", "timestamp_ms");

  private final JsonParser in;
  private final PayloadLimits limits;
  private final TimestampParser timestamps;
  private final List<Reading> readings = new ArrayList<>(4);
  private final Map<String, Integer> positions = new HashMap<>();
  private int skipped;
  private boolean bare;

  ReadingsDecoder(JsonParser in, PayloadLimits limits, TimestampParser timestamps) {
    this.in = in;
    this.limits = limits;
    this.timestamps = timestamps;
  }

  /** What was read so far, in order. */
  List<Reading> readings() {
    return readings;
  }

  /** How many values were null: most firmware means by it that there is none. */
  int skipped() {
    return skipped;
  }

  /** One more value that is none. */
  void skip() {
    skipped++;
  }

  /** Refuses a message without a reading, after all of it was read. */
  static void requireSome(List<Reading> readings, int skipped, @Nullable String field) {
    if (readings.isEmpty()) {
      String what = skipped > 0 ? " holds nothing but null" : " holds no reading";
      throw new Refusal(
          Refusal.ErrorCode.INVALID, field, (field == null ? "the payload" : field) + what);
    }
  }

  /** Whether a field is named as if it were the timestamp. */
  static boolean looksLikeTime(String name) {
    return name.length() <= LONGEST_TIME_NAME && TIME_NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The refusal of a time that would be passed over in silence, and the arrival taken instead. */
  static Refusal didYouMeanTs(JsonParser in, String name) {
    return DecodeErrors.below(
        in, name, Refusal.ErrorCode.INVALID, "is not known beside values: did you mean ts?");
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

  /** Reads a batch, an array of {@code {"ts"?, "values"}}, that the parser is at. */
  void batch() throws IOException {
    require(JsonToken.START_ARRAY, "is no array of {\"ts\", \"values\"}");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      instant();
    }
    if (isBare(0, 0)) {
      throw DecodeErrors.at(
          in, Refusal.ErrorCode.INVALID, "is empty: expected was an array of {\"ts\", \"values\"}");
    }
  }

  /**
   * Reads a {@code {"ts"?, "values"}} that the parser is at; other fields are ignored, but for one
   * that is named like a time where there is no ts.
   */
  void instant() throws IOException {
    require(JsonToken.START_OBJECT, "is no object with \"values\"");
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

  /** The same where nothing around it says that it is one: an object in it may be anybody's. */
  void bareValues() throws IOException {
    bare = true;
    values(DeviceMessage.NO_TS);
  }

  /** Reads an object of metric and value that the parser is at. */
  void values(long ts) throws IOException {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, NO_ARRAY);
    }
    require(JsonToken.START_OBJECT, "is no object of metric and value");
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
          "is empty: expected was an object of metric and value, as {\"temperature\":21.4}";
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, what);
    }
  }

  /** Whether neither a reading nor a null came since. */
  private boolean isBare(int first, int before) {
    return readings.size() == first && skipped == before;
  }

  /** Gives a timestamp to the readings from the given place on. */
  void stamp(int first, long ts) {
    for (int i = first; ts != DeviceMessage.NO_TS && i < readings.size(); i++) {
      Reading reading = readings.get(i);
      readings.set(i, new Reading(reading.metric(), ts, reading.value()));
    }
  }

  /** Adds a reading whose name and value are checked. */
  void add(Reading reading) {
    if (readings.size() == limits.readings()) {
      String what = "is more than the " + limits.readings() + " readings that a message may hold";
      throw DecodeErrors.at(in, Refusal.ErrorCode.TOO_LARGE, what);
    }
    readings.add(reading);
  }

  /** Of a metric that is given twice in an instant the last value counts. */
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
      return placeInMany(first, metric);
    }
    for (int i = first; i < size; i++) {
      if (readings.get(i).metric().equals(metric)) {
        return i;
      }
    }
    return -1;
  }

  private int placeInMany(int first, String metric) {
    for (int i = first + positions.size(); i < readings.size(); i++) {
      positions.put(readings.get(i).metric(), i);
    }
    return positions.getOrDefault(metric, -1);
  }

  /** A name that may stand for a metric, or a refusal. */
  String metric(String name) {
    if (name.isEmpty() || name.length() > limits.nameLength()) {
      String what = "has a metric name that is not of 1 to " + limits.nameLength() + " characters";
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, what);
    }
    if (Utf8Length.hasControls(name) || Utf8Length.utf8Length(name) == Utf8Length.BROKEN) {
      throw DecodeErrors.at(
          in, Refusal.ErrorCode.INVALID, "has a metric name with control characters");
    }
    return MetricNameInterner.of(MetricNameInterner.normalized(name));
  }

  /** The value that the parser is at. */
  Value value() throws IOException {
    return switch (in.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Num(Numbers.read(in));
      case VALUE_TRUE -> CommonValues.TRUE;
      case VALUE_FALSE -> CommonValues.FALSE;
      case VALUE_STRING -> text(in.getText());
      case START_OBJECT, START_ARRAY -> json();
      case VALUE_NULL, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
          throw DecodeErrors.at(
              in, Refusal.ErrorCode.INVALID, "is no number, boolean, text, object or array");
    };
  }

  private Value.Json json() throws IOException {
    if (bare && in.currentToken() == JsonToken.START_OBJECT) {
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, NOT_BARE);
    }
    Value.Json value = new Value.Json(CompactJson.read(in, limits.jsonBytes()));
    if (bare && value.json().startsWith("[{")) {
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, NOT_BARE);
    }
    return value;
  }

  /** The values of the object that the parser is at, those of nested objects by their path. */
  Map<String, Value> nested() throws IOException {
    require(JsonToken.START_OBJECT, "is no object");
    NestedValues values = new NestedValues(in, this, limits);
    values.object("", Set.of());
    return values.values();
  }

  /** A text as a value. */
  Value.Text text(String text) {
    int bytes = Utf8Length.utf8Length(text);
    if (bytes == Utf8Length.BROKEN) {
      throw DecodeErrors.at(
          in, Refusal.ErrorCode.INVALID, "holds half a character (a lone surrogate)");
    }
    if (bytes > limits.textBytes()) {
      String what = "has " + bytes + " bytes; texts have at most " + limits.textBytes();
      throw DecodeErrors.at(in, Refusal.ErrorCode.TOO_LARGE, what);
    }
    return new Value.Text(text);
  }

  /** The text that the parser is at, as what metrics are named after. */
  String text() throws IOException {
    require(JsonToken.VALUE_STRING, "is no text");
    return in.getText();
  }

  /** Refuses what the parser is at, unless it is of this kind. */
  void require(JsonToken token, String otherwise) {
    if (in.currentToken() != token) {
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, otherwise);
    }
  }
}
