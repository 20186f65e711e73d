package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * JSON encoders of model objects for REST responses and feed events. Null fields are omitted; JSON
 * stored as text is copied unchanged. Stateless; safe on any thread.
 */
public final class ApiJson {
  private ApiJson() {}

  /** A device: {@code id, name?, type?, labels, enabled, created, presence}. */
  public static JsonWritable device(Device device, Presence presence) {
    return out -> {
      out.writeStartObject();
      deviceFields(out, device, presence);
      out.writeEndObject();
    };
  }

  /**
   * A device with {@code latest}: {@code {"ts","value","unit"?}} by metric.
   *
   * @param units of its metrics, where they are known
   */
  public static JsonWritable device(
      Device device, Presence presence, List<Reading> latest, Map<String, String> units) {
    return out -> {
      out.writeStartObject();
      deviceFields(out, device, presence);
      out.writeFieldName("latest");
      latest(latest, units).write(out);
      out.writeEndObject();
    };
  }

  /** A new device with its {@code key}, which is shown only once, and {@code warnings} if any. */
  public static JsonWritable registered(
      Device device, Presence presence, String key, List<String> warnings) {
    return out -> {
      out.writeStartObject();
      deviceFields(out, device, presence);
      out.writeStringField("key", key);
      warnings(out, warnings);
      out.writeEndObject();
    };
  }

  /** Writes the member {@code warnings}; nothing if the list is empty. */
  public static void warnings(JsonGenerator out, List<String> warnings) throws IOException {
    if (!warnings.isEmpty()) {
      out.writeFieldName("warnings");
      out.writeArray(warnings.toArray(String[]::new), 0, warnings.size());
    }
  }

  private static void deviceFields(JsonGenerator out, Device device, Presence presence)
      throws IOException {
    out.writeStringField("id", device.id());
    text(out, "name", device.name());
    text(out, "type", device.type());
    out.writeFieldName("labels");
    texts(device.labels()).write(out);
    out.writeBooleanField("enabled", device.enabled());
    out.writeNumberField("created", device.created());
    out.writeFieldName("presence");
    presence(presence).write(out);
  }

  /** An object of strings, such as labels. */
  public static JsonWritable texts(Map<String, String> texts) {
    return out -> {
      out.writeStartObject();
      for (Map.Entry<String, String> text : texts.entrySet()) {
        out.writeStringField(text.getKey(), text.getValue());
      }
      out.writeEndObject();
    };
  }

  /**
   * A presence: {@code state, since, cause, transport?, session?, address?, expected?, flapping?
   * {kind, changes, since, addresses}}.
   */
  public static JsonWritable presence(Presence presence) {
    return out -> {
      out.writeStartObject();
      presenceFields(out, presence);
      out.writeEndObject();
    };
  }

  /** A presence, preceded by {@code device}. */
  public static JsonWritable presence(String device, Presence presence) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", device);
      presenceFields(out, presence);
      out.writeEndObject();
    };
  }

  private static void presenceFields(JsonGenerator out, Presence presence) throws IOException {
    out.writeStringField("state", word(presence.state()));
    out.writeNumberField("since", presence.since());
    out.writeStringField("cause", presence.cause());
    word(out, "transport", presence.transport());
    if (presence.session() != 0) {
      out.writeStringField("session", Long.toString(presence.session()));
    }
    text(out, "address", presence.address());
    if (presence.expected() != null) {
      out.writeNumberField("expected", presence.expected());
    }
    if (presence.flapping() != null) {
      flapping(out, presence.flapping());
    }
  }

  private static void flapping(JsonGenerator out, Presence.Flapping flapping) throws IOException {
    out.writeObjectFieldStart("flapping");
    out.writeStringField("kind", word(flapping.kind()));
    out.writeNumberField("changes", flapping.changes());
    out.writeNumberField("since", flapping.since());
    out.writeArrayFieldStart("addresses");
    for (String address : flapping.addresses()) {
      out.writeString(address);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** Latest readings by metric: {@code {"temperature":{"ts":…,"value":21.4}}}. */
  public static JsonWritable latest(List<Reading> readings) {
    return latest(readings, Map.of());
  }

  /** The same with the units of metrics, where they are known. */
  public static JsonWritable latest(List<Reading> readings, Map<String, String> units) {
    return out -> {
      out.writeStartObject();
      for (Reading reading : readings) {
        out.writeObjectFieldStart(reading.metric());
        out.writeNumberField("ts", reading.ts());
        out.writeFieldName("value");
        value(out, reading.value());
        String unit = units.get(reading.metric());
        if (unit != null) {
          out.writeStringField("unit", unit);
        }
        out.writeEndObject();
      }
      out.writeEndObject();
    };
  }

  /** Writes a value; numbers in their shortest exact form. */
  public static void value(JsonGenerator out, Value value) throws IOException {
    switch (value) {
      case Value.Num num -> out.writeRawValue(Numbers.text(num.number()));
      case Value.Flag flag -> out.writeBoolean(flag.on());
      case Value.Text text -> out.writeString(text.text());
      case Value.Json json -> out.writeRawValue(json.json());
    }
  }

  /**
   * A twin: {@code device, desired {version, state}, reported {version, state}, delta}; the delta
   * is the merge patch that would make reported match desired.
   */
  public static JsonWritable twin(String device, Twin twin) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", device);
      side(out, "desired", twin.desired());
      side(out, "reported", twin.reported());
      raw(out, "delta", TwinDelta.of(twin));
      out.writeEndObject();
    };
  }

  /** A change of a twin: {@code side, version, ts, by, patch}. */
  public static JsonWritable twinChange(TwinChange change) {
    return out -> {
      out.writeStartObject();
      word(out, "side", change.side());
      out.writeNumberField("version", change.version());
      out.writeNumberField("ts", change.ts());
      out.writeStringField("by", change.by());
      raw(out, "patch", change.patch());
      out.writeEndObject();
    };
  }

  private static void side(JsonGenerator out, String name, Twin.Side side) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("version", side.version());
    raw(out, "state", side.state());
    out.writeEndObject();
  }

  /**
   * A command: {@code id, device, name, params, state, created, expires, notBefore?, expectedBy?,
   * collapse?, metadata?, job?, result?, error?, timeline}.
   */
  public static JsonWritable command(Command command) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("id", command.id());
      out.writeStringField("device", command.device());
      out.writeStringField("name", command.name());
      raw(out, "params", command.params());
      out.writeStringField("state", word(command.state()));
      times(out, command);
      text(out, "collapse", command.collapse());
      raw(out, "metadata", command.metadata());
      text(out, "job", command.job());
      raw(out, "result", command.result());
      text(out, "error", command.error());
      timeline(out, command.timeline());
      out.writeEndObject();
    };
  }

  private static void times(JsonGenerator out, Command command) throws IOException {
    out.writeNumberField("created", command.created());
    out.writeNumberField("expires", command.expires());
    if (command.notBefore() != 0) {
      out.writeNumberField("notBefore", command.notBefore());
    }
    if (command.expectedBy() != null) {
      out.writeNumberField("expectedBy", command.expectedBy());
    }
  }

  private static void timeline(JsonGenerator out, List<Command.Step> steps) throws IOException {
    out.writeArrayFieldStart("timeline");
    for (Command.Step step : steps) {
      out.writeStartObject();
      out.writeStringField("state", word(step.state()));
      out.writeNumberField("ts", step.ts());
      out.writeStringField("node", step.node());
      if (step.session() != null) {
        out.writeStringField("session", Long.toString(step.session()));
      }
      word(out, "transport", step.transport());
      text(out, "by", step.by());
      text(out, "reason", step.reason());
      if (step.leaseExpires() != null) {
        out.writeNumberField("leaseExpires", step.leaseExpires());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** A page of a list: {@code items, next, total}. */
  public static <T> JsonWritable page(Page<T> page, Function<T, JsonWritable> item) {
    return out -> {
      out.writeStartObject();
      out.writeFieldName("items");
      array(page.items(), item).write(out);
      out.writeStringField("next", page.next());
      if (page.total() != Page.UNCOUNTED) {
        out.writeNumberField("total", page.total());
      }
      out.writeEndObject();
    };
  }

  /** An array with one encoded element per item. */
  public static <T> JsonWritable array(List<T> items, Function<T, JsonWritable> item) {
    return out -> {
      out.writeStartArray();
      for (T each : items) {
        item.apply(each).write(out);
      }
      out.writeEndArray();
    };
  }

  /** The protocol's name of a constant: lower case, with dashes. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void word(JsonGenerator out, String field, @Nullable Enum<?> constant)
      throws IOException {
    if (constant != null) {
      out.writeStringField(field, word(constant));
    }
  }

  /** Writes a string member; nothing if the value is null. */
  public static void text(JsonGenerator out, String field, @Nullable String text)
      throws IOException {
    if (text != null) {
      out.writeStringField(field, text);
    }
  }

  /** Writes a member whose value is JSON text; nothing if it is null. */
  static void raw(JsonGenerator out, String field, @Nullable String json) throws IOException {
    if (json != null) {
      out.writeFieldName(field);
      out.writeRawValue(json);
    }
  }
}
