package io.signalbox.hub.store.redis;

import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.store.redis.EventReader.CorruptEventsException;
import io.signalbox.hub.store.redis.EventReader.UnknownConstantException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Codec of the events that nodes pass to each other: a version, the number of events, and of each
 * its kind, its length and its fields. Nodes of different versions run side by side during an
 * upgrade: what only a newer one knows is skipped, and is logged once. A newer version may append
 * fields to a kind, which an older one does not read.
 *
 * <p>Threading: any thread.
 */
public final class EventCodec {
  private static final Logger LOG = LoggerFactory.getLogger(EventCodec.class);
  private static final int VERSION = 1;
  private static final int CAPACITY = 256;
  private static final int BYTES_PER_READING = 12;
  private static final int MOST_LOGGED = 100;

  private static final int TELEMETRY = 1;
  private static final int PRESENCE = 2;
  private static final int COMMAND = 3;
  private static final int JOB = 4;
  private static final int TWIN = 5;
  private static final int DEVICE = 6;
  private static final int DEVICE_TYPE = 7;
  private static final int API_KEY = 8;

  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * What an entry of a stream contains. Events of the feed and changes of keys are published on
   * topics of their own, so their order to each other does not matter.
   *
   * @param events in order
   * @param apiKeys API keys that were stored or deleted
   */
  public record Decoded(List<Event> events, List<ApiKeyChanged> apiKeys) {}

  /** The events; no bytes for none. */
  public byte[] encode(List<? extends Event> events) {
    if (events.isEmpty()) {
      return new byte[0];
    }
    int readings = events.getFirst() instanceof TelemetryBatch batch ? batch.readings() : 0;
    EventWriter out = new EventWriter(CAPACITY + BYTES_PER_READING * readings);
    out.u8(VERSION);
    out.varint(events.size());
    events.forEach(event -> write(out, event));
    return out.toBytes();
  }

  /** The change of an API key, which is no event of the feed. */
  public byte[] encode(ApiKeyChanged change) {
    EventWriter out = new EventWriter(CAPACITY);
    out.u8(VERSION);
    out.varint(1);
    write(out, API_KEY, to -> to.text(change.id()));
    return out.toBytes();
  }

  /**
   * What was encoded; without what only a newer version knows.
   *
   * @throws EventReader.CorruptEventsException if the bytes are damaged
   */
  public Decoded decode(byte[] bytes) {
    Decoded decoded = new Decoded(new ArrayList<>(), new ArrayList<>());
    if (bytes.length == 0) {
      return decoded;
    }
    EventReader in = new EventReader(bytes);
    int version = in.u8();
    if (version != VERSION) {
      skipped("events in format " + version);
      return decoded;
    }
    for (int left = in.count(); left > 0; left--) {
      int kind = in.u8();
      read(kind, in.part(), decoded);
    }
    in.requireEnd();
    return decoded;
  }

  private void read(int kind, EventReader in, Decoded to) {
    try {
      if (kind == API_KEY) {
        to.apiKeys().add(new ApiKeyChanged(in.text()));
      } else {
        to.events().add(event(kind, in));
      }
    } catch (UnknownConstantException newer) {
      skipped("an event with " + newer.getMessage());
    } catch (ArithmeticException damaged) {
      throw new CorruptEventsException("a number is out of range");
    }
  }

  private void skipped(String what) {
    if (logged.size() < MOST_LOGGED && logged.add(what)) {
      LOG.warn(
          "Skipped {}, which this version of the hub does not know; another node is newer", what);
    }
  }

  private static void write(EventWriter out, Event event) {
    switch (event) {
      case TelemetryBatch batch ->
          write(out, TELEMETRY, to -> TelemetryBatchCodec.write(to, batch));
      case Event.PresenceChanged changed -> write(out, PRESENCE, to -> presence(to, changed));
      case Event.CommandChanged changed ->
          write(out, COMMAND, to -> CommandEventCodec.write(to, changed.command()));
      case Event.JobChanged changed ->
          write(out, JOB, to -> CommandEventCodec.write(to, changed.job()));
      case Event.TwinChanged changed -> write(out, TWIN, to -> twin(to, changed));
      case Event.DeviceChanged changed -> write(out, DEVICE, to -> device(to, changed));
      case Event.DeviceTypeChanged changed -> write(out, DEVICE_TYPE, to -> type(to, changed));
    }
  }

  private static void write(EventWriter out, int kind, Consumer<EventWriter> fields) {
    out.u8(kind);
    int start = out.begin();
    fields.accept(out);
    out.end(start);
  }

  private static Event event(int kind, EventReader in) {
    return switch (kind) {
      case TELEMETRY -> TelemetryBatchCodec.read(in);
      case PRESENCE -> new Event.PresenceChanged(in.text(), presence(in));
      case COMMAND -> new Event.CommandChanged(CommandEventCodec.command(in));
      case JOB -> new Event.JobChanged(CommandEventCodec.job(in));
      case TWIN -> new Event.TwinChanged(in.text(), new Twin(side(in), side(in)));
      case DEVICE ->
          new Event.DeviceChanged(in.text(), in.constant(Event.Change.class), labels(in));
      case DEVICE_TYPE ->
          new Event.DeviceTypeChanged(in.text(), in.constant(Event.Change.class), in.varint());
      default -> throw new UnknownConstantException("kind " + kind);
    };
  }

  private static void device(EventWriter out, Event.DeviceChanged changed) {
    out.text(changed.device());
    out.constant(changed.change());
    writeLabels(out, changed.labels());
  }

  private static void type(EventWriter out, Event.DeviceTypeChanged changed) {
    out.text(changed.name());
    out.constant(changed.change());
    out.varint(changed.version());
  }

  private static void twin(EventWriter out, Event.TwinChanged changed) {
    out.text(changed.device());
    side(out, changed.twin().desired());
    side(out, changed.twin().reported());
  }

  private static void side(EventWriter out, Twin.Side side) {
    out.varint(side.version());
    out.text(side.state());
  }

  private static Twin.Side side(EventReader in) {
    return new Twin.Side(in.varint(), in.text());
  }

  private static void presence(EventWriter out, Event.PresenceChanged changed) {
    Presence presence = changed.presence();
    out.text(changed.device());
    out.constant(presence.state());
    out.zigzag(presence.since());
    out.optional(presence.end(), end -> out.text(end.text()));
    out.optional(presence.transport(), out::constant);
    out.varint(presence.session());
    out.optionalText(presence.address());
    out.optionalNumber(presence.expected());
    out.optional(
        presence.flapping(),
        flapping -> {
          out.constant(flapping.kind());
          out.varint(flapping.changes());
          out.zigzag(flapping.since());
          out.list(flapping.addresses(), out::text);
        });
  }

  private static Presence presence(EventReader in) {
    return new Presence(
        in.constant(Presence.State.class),
        in.zigzag(),
        in.optional(() -> SessionEnd.of(in.text())),
        in.optional(() -> in.constant(Transport.class)),
        in.varint(),
        in.optionalText(),
        in.optionalNumber(),
        in.optional(() -> flapping(in)));
  }

  private static Presence.Flapping flapping(EventReader in) {
    return new Presence.Flapping(
        in.constant(Presence.Flapping.Kind.class),
        (int) in.varint(),
        in.zigzag(),
        in.list(in::text));
  }

  static void writeLabels(EventWriter out, Map<String, String> labels) {
    out.map(
        labels,
        (name, value) -> {
          out.text(name);
          out.text(value);
        });
  }

  static Map<String, String> labels(EventReader in) {
    return in.map(in::text, in::text);
  }
}
