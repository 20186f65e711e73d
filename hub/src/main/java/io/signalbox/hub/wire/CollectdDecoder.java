package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of the JSON of collectd's {@code write_http}: an array of value lists. A metric is named
 * {@code plugin-instance.type-instance}; the data source's name is appended unless the only source
 * is {@code value}.
 */
record CollectdDecoder(
    JsonParser in, ReadingsDecoder readings, TimestampParser timestamps, String device)
    implements AgentDecoder {
  private static final int MAX_SOURCES = 1_000; // per value list

  @Override
  public void read() throws IOException {
    readings.require(JsonToken.START_ARRAY, "an array of collectd value lists");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      readings.require(JsonToken.START_OBJECT, "a collectd value list (an object)");
      ValueList list = new ValueList();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        list.field(name);
      }
      list.resolve();
    }
  }

  /** One value list; its fields may come in any order. */
  private final class ValueList {
    private final List<@Nullable Value> values = new ArrayList<>(2);
    private final List<String> names = new ArrayList<>(2);
    private @Nullable String host;
    private String plugin = "";
    private String pluginInstance = "";
    private String type = "";
    private String typeInstance = "";
    private long ts = DeviceMessage.NO_TS;

    void field(String name) throws IOException {
      switch (name) {
        case "values" -> values();
        case "dsnames" -> names();
        case "time" -> ts = timestamps.read(in);
        case "host" -> host = readings.text();
        case "plugin" -> plugin = readings.text();
        case "plugin_instance" -> pluginInstance = readings.text();
        case "type" -> type = readings.text();
        case "type_instance" -> typeInstance = readings.text();
        default -> in.skipChildren();
      }
    }

    private void values() throws IOException {
      readings.require(JsonToken.START_ARRAY, "an array of numbers");
      while (in.nextToken() != JsonToken.END_ARRAY) {
        boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
        if (!isNull && !in.currentToken().isNumeric()) {
          throw DecodeErrors.expected(in, "a number or null");
        }
        bounded(values);
        values.add(isNull ? null : readings.value());
      }
    }

    private void names() throws IOException {
      readings.require(JsonToken.START_ARRAY, "an array of strings");
      while (in.nextToken() != JsonToken.END_ARRAY) {
        bounded(names);
        names.add(readings.text());
      }
    }

    private void bounded(List<?> list) {
      if (list.size() == MAX_SOURCES) {
        throw DecodeErrors.at(
            in, ErrorCode.TOO_LARGE, "exceeds the limit of " + MAX_SOURCES + " data sources");
      }
    }

    void resolve() {
      if (plugin.isEmpty() || type.isEmpty() || values.isEmpty()) {
        String missing = plugin.isEmpty() ? "plugin" : type.isEmpty() ? "type" : "values";
        throw DecodeErrors.below(
            in, missing, ErrorCode.INVALID, "is missing; it is required in a collectd value list");
      }
      if (names.size() != values.size()) {
        String what =
            "must have one name per value; got " + names.size() + " names for " + values.size();
        throw DecodeErrors.below(in, "dsnames", ErrorCode.INVALID, what);
      }
      if (ts == DeviceMessage.NO_TS) {
        throw DecodeErrors.below(
            in, "time", ErrorCode.INVALID, "is missing; it is required in a collectd value list");
      }
      for (int i = 0; i < names.size(); i++) {
        add(names.get(i), values.get(i));
      }
    }

    private void add(String source, @Nullable Value value) {
      if (value == null) {
        readings.skip();
        return;
      }
      boolean alone = names.size() == 1 && source.equals("value");
      String series = part(plugin, pluginInstance) + "." + part(type, typeInstance);
      String name = alone ? series : series + "." + source;
      readings.add(
          new Reading(readings.metric(AgentNames.of(name, "host", host, device)), ts, value));
    }

    private static String part(String name, String instance) {
      return instance.isEmpty() ? name : name + "-" + instance;
    }
  }
}
