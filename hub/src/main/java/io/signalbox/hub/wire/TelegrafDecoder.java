package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of Telegraf's JSON: {@code {"fields","name","tags","timestamp"}}, or {@code
 * {"metrics":[…]}} with an array of them. A metric is named {@code name.field}, or {@code name} if
 * the field is {@code value}, followed by the tags.
 */
record TelegrafDecoder(
    JsonParser in, ReadingsDecoder readings, TimestampParser timestamps, String device)
    implements AgentDecoder {
  private static final int MAX_TAGS = 100;

  @Override
  public void read() throws IOException {
    readings.require(JsonToken.START_OBJECT, "a Telegraf metric or an object with \"metrics\"");
    Metric single = new Metric();
    boolean isBatch = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("metrics")) {
        isBatch = true;
        batch();
      } else {
        single.field(name);
      }
    }
    if (!isBatch) {
      single.resolve();
    }
  }

  private void batch() throws IOException {
    readings.require(JsonToken.START_ARRAY, "an array of metrics");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      readings.require(JsonToken.START_OBJECT, "a metric (an object)");
      Metric metric = new Metric();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        metric.field(name);
      }
      metric.resolve();
    }
  }

  /** One metric; its fields may come in any order. */
  private final class Metric {
    private final SortedMap<String, String> tags = new TreeMap<>();
    private @Nullable String name;
    private @Nullable Map<String, Value> fields;
    private long ts = DeviceMessage.NO_TS;

    void field(String field) throws IOException {
      switch (field) {
        case "name" -> name = readings.text();
        case "fields" -> fields = readings.nested();
        case "tags" -> tags();
        case "timestamp" -> ts = timestamps.read(in);
        default -> in.skipChildren();
      }
    }

    private void tags() throws IOException {
      readings.require(JsonToken.START_OBJECT, "an object");
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String tag = in.currentName();
        in.nextToken();
        String value = readings.text();
        if (tags.size() == MAX_TAGS) {
          throw DecodeErrors.at(
              in, ErrorCode.TOO_LARGE, "exceeds the limit of " + MAX_TAGS + " tags");
        }
        if (!tag.equals("host") || !AgentNames.isDevice(value, device)) {
          tags.put(tag, value);
        }
      }
    }

    void resolve() {
      Map<String, Value> found = fields;
      if (name == null || found == null) {
        throw DecodeErrors.below(
            in,
            name == null ? "name" : "fields",
            ErrorCode.INVALID,
            "is missing; it is required in a Telegraf metric");
      }
      if (ts == DeviceMessage.NO_TS) {
        throw DecodeErrors.below(
            in, "timestamp", ErrorCode.INVALID, "is missing; it is required in a Telegraf metric");
      }
      found.forEach(this::add);
    }

    private void add(String field, Value value) {
      String series = field.equals("value") ? name : name + "." + field;
      readings.add(
          new Reading(readings.metric(AgentNames.tagged(String.valueOf(series), tags)), ts, value));
    }
  }
}
