package io.signalbox.hub.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Encoder of feed events as JSON; the shared part is encoded once for all subscribers.
 *
 * <p>An event consists of a head per subscription, {@code
 * {"type":"telemetry","id":1,"cursor":"…",}, and a shared tail with the closing brace: {@code
 * "device":"pump-7","ts":…,"values":{…}}}. Stateless; safe on any thread.
 */
public final class FeedEventEncoder {
  /** Largest buffer, in bytes, that is kept for the thread's next event. */
  private static final int KEPT = 64 * 1024;

  private static final byte[] DEVICE = ascii("\"device\":");
  private static final byte[] TS = ascii(",\"ts\":");
  private static final byte[] VALUES = ascii(",\"values\":{");
  private static final byte[] ID = ascii(",\"id\":");
  private static final byte[] CURSOR = ascii(",\"cursor\":\"");

  private static final ThreadLocal<JsonUtf8Writer> scratch =
      ThreadLocal.withInitial(JsonUtf8Writer::new);

  private FeedEventEncoder() {}

  /** The event's {@code type}. */
  public enum Type {
    TELEMETRY("telemetry"),
    PRESENCE("presence"),
    COMMAND("command"),
    JOB("job"),
    TWIN("twin"),
    DEVICE("device"),
    DEVICE_TYPE("device-type"),
    RESET("reset");

    private final String word;
    private final String head;

    Type(String word) {
      this.word = word;
      this.head = "{\"type\":\"" + word + "\"";
    }

    /** The type's name in the protocol. */
    public String word() {
      return word;
    }
  }

  /** The tails of a message: one per run of readings with the same timestamp, in order. */
  public static List<byte[]> telemetry(TelemetryMessage message) {
    return tails(message.device(), message.readings());
  }

  /** The tails for a subscription to these metrics; empty if the message has none of them. */
  public static List<byte[]> telemetry(TelemetryMessage message, Set<String> metrics) {
    List<Reading> wanted = new ArrayList<>();
    for (Reading reading : message.readings()) {
      if (metrics.contains(reading.metric())) {
        wanted.add(reading);
      }
    }
    return tails(message.device(), wanted);
  }

  private static List<byte[]> tails(String device, List<Reading> readings) {
    if (readings.size() == 1) {
      return List.of(tail(device, readings, 1));
    }
    List<byte[]> tails = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= readings.size(); i++) {
      if (i == readings.size() || readings.get(i).ts() != readings.get(first).ts()) {
        tails.add(tail(device, readings.subList(first, i), 1));
        first = i;
      }
    }
    return tails;
  }

  /**
   * The tail of one event.
   *
   * @param readings at least one; all with the same timestamp
   * @param count number of messages that it replaces; written if more than one
   */
  public static byte[] tail(String device, List<Reading> readings, long count) {
    JsonUtf8Writer out = scratch();
    out.raw(DEVICE).quoted(device);
    out.raw(TS).ascii(Long.toString(readings.getFirst().ts())).raw(VALUES);
    for (int i = 0; i < readings.size(); i++) {
      if (i > 0) {
        out.raw(',');
      }
      out.quoted(readings.get(i).metric()).raw(':').value(readings.get(i).value());
    }
    out.raw('}');
    if (count > 1) {
      out.ascii(",\"count\":").ascii(Long.toString(count));
    }
    return out.raw('}').toBytes();
  }

  /** The tail {@code "device":…,"presence":{…}}}. */
  public static byte[] presence(Event.PresenceChanged event) {
    return tail(event.device(), "presence", ApiJson.presence(event.presence()).toBytes());
  }

  /** The tail {@code "device":…,"command":{…}}}: the whole command. */
  public static byte[] command(Event.CommandChanged event) {
    byte[] command = ApiJson.command(event.command()).toBytes();
    return tail(event.command().device(), "command", command);
  }

  /** The tail {@code "job":{…}}}: the whole job. */
  public static byte[] job(Event.JobChanged event) {
    byte[] job = JobJson.job(event.job()).toBytes();
    return scratch().quoted("job").raw(':').raw(job).raw('}').toBytes();
  }

  /** The tail {@code "device":…,"twin":{…}}}. */
  public static byte[] twin(Event.TwinChanged event) {
    return tail(event.device(), "twin", ApiJson.twin(event.device(), event.twin()).toBytes());
  }

  /** The tail {@code "device":…,"change":"created"}}. */
  public static byte[] device(Event.DeviceChanged event) {
    return tail(event.device(), "change", ascii('"' + ApiJson.word(event.change()) + '"'));
  }

  /** The tail {@code "name":…,"change":"updated","version":3}}. */
  public static byte[] deviceType(Event.DeviceTypeChanged event) {
    JsonUtf8Writer out = scratch().ascii("\"name\":").quoted(event.name());
    out.ascii(",\"change\":\"").ascii(ApiJson.word(event.change()));
    return out.ascii("\",\"version\":").ascii(Long.toString(event.version())).raw('}').toBytes();
  }

  /** The tail {@code "reason":"dropped"}}: the reason for missing events. */
  public static byte[] reset(String reason) {
    return scratch().ascii("\"reason\":").quoted(reason).raw('}').toBytes();
  }

  private static byte[] tail(String device, String field, byte[] json) {
    JsonUtf8Writer out = scratch().raw(DEVICE).quoted(device);
    return out.raw(',').quoted(field).raw(':').raw(json).raw('}').toBytes();
  }

  /**
   * Writes an event: the subscription's head and the shared tail.
   *
   * @param id omitted if it is {@link StreamMessage#NO_ID}
   */
  public static void write(ByteBuf out, Type type, long id, String cursor, byte[] tail) {
    head(out, type, id);
    out.writeBytes(CURSOR);
    ByteBufUtil.writeAscii(out, cursor);
    out.writeByte('"').writeByte(',').writeBytes(tail);
  }

  /** Writes an event without a cursor, for streams that send it separately. */
  public static void write(ByteBuf out, Type type, long id, byte[] tail) {
    head(out, type, id);
    out.writeByte(',').writeBytes(tail);
  }

  private static void head(ByteBuf out, Type type, long id) {
    ByteBufUtil.writeAscii(out, type.head);
    if (id != StreamMessage.NO_ID) {
      out.writeBytes(ID);
      ByteBufUtil.writeAscii(out, Long.toString(id));
    }
  }

  private static JsonUtf8Writer scratch() {
    JsonUtf8Writer kept = scratch.get();
    if (kept.capacity() > KEPT) {
      kept = new JsonUtf8Writer();
      scratch.set(kept);
    }
    return kept.clear();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
