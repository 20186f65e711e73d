package io.signalbox.hub.recorder;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps, for every device, what happened to it lately. Always on, and never in anybody's way: a
 * note goes to memory, and about once a second one write takes all of them to the store. What was
 * not written when the process is killed is lost; what memory has no room for is dropped, oldest
 * first, and an entry says how many are missing.
 *
 * <p>Threading: any thread. Futures complete on a thread of the store's.
 */
public final class FlightRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(FlightRecorder.class);
  private static final long WRITE_MS = 1_000;

  /** So many at a time that others who write do not wait long behind them. */
  private static final int AT_A_TIME = 500;

  private static final int LONGEST_TEXT = 400;
  private static final int LONGEST_ID = 64;

  private final RecorderStore store;
  private final String node;
  private final WallClock clock;
  private final EntryBuffer buffer;
  private Future<Void> writing = Future.succeededFuture();
  private volatile boolean refused;

  /**
   * A recorder over that store.
   *
   * @param node this node's name
   * @param clock Unix milliseconds
   */
  public FlightRecorder(
      RecorderStore store, String node, WallClock clock, RecorderSettings settings) {
    this.store = store;
    this.node = node;
    this.clock = clock;
    this.buffer = new EntryBuffer(settings.bufferEntries());
  }

  /** Begins to write what is noted, and forgets devices that are deleted. */
  public void open(Vertx vertx, Topic<Event.DeviceChanged> registry) {
    registry.subscribe(this::registered);
    vertx.setPeriodic(WRITE_MS, tick -> write());
  }

  /** The hub was not there for a while; these devices had been connected. */
  public void restarted(Map<String, Presence> cutOff) {
    cutOff.forEach(
        (device, was) -> {
          String text =
              "session %d ended with the hub, which has been restarted".formatted(was.session());
          ConnectionInfo connection =
              new ConnectionInfo(was.session(), was.transport(), was.address());
          note(device, Kind.RESTARTED, was.cause(), text, connection);
        });
  }

  /** Something happened to a device, just now. */
  public void note(String device, Kind kind, String code, String text, ConnectionInfo connection) {
    buffer.add(made(device, kind, code, text, connection));
  }

  /** Something happened to a device, just now, that has to do with a command. */
  public void noteOf(
      String command,
      String device,
      Kind kind,
      String code,
      String text,
      ConnectionInfo connection) {
    RecorderEntry note = made(device, kind, code, text, connection);
    buffer.add(command.length() > LONGEST_ID ? note : note.about(command));
  }

  private RecorderEntry made(
      String device, Kind kind, String code, String text, ConnectionInfo connection) {
    return RecorderEntry.once(device, clock.wallMillis(), kind, code, cut(text), connection, node);
  }

  /** Refusals quote what a device has said, which may be long. */
  private static String cut(String text) {
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
  }

  /** All that is known of a device, by the time at which it happened last, newest first. */
  public Future<List<RecorderEntry>> notes(String device) {
    return flush()
        .transform(written -> store.notes(device))
        .map(kept -> refused ? withPending(device, kept) : kept);
  }

  /** Writes all that was noted until now. Fails if the store refuses; it is then kept in memory. */
  public synchronized Future<Void> flush() {
    writing = writing.transform(before -> writeAll());
    return writing;
  }

  /** How many notes wait to be written. */
  public int waiting() {
    return buffer.size();
  }

  /** How many notes were dropped since the start. */
  public long dropped() {
    return buffer.dropped();
  }

  private void write() {
    if (buffer.size() > 0) {
      flush().onFailure(cause -> LOG.debug("The flight recorder waits: {}", cause.getMessage()));
    }
  }

  private Future<Void> writeAll() {
    List<RecorderEntry> some = buffer.take(AT_A_TIME);
    if (some.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .append(some)
        .onComplete(written -> refused = written.failed())
        .onFailure(cause -> buffer.putBack(some))
        .compose(written -> writeAll());
  }

  private List<RecorderEntry> withPending(String device, List<RecorderEntry> kept) {
    List<RecorderEntry> all = new ArrayList<>(buffer.notes(device).reversed());
    all.addAll(kept);
    all.sort(Comparator.comparingLong(RecorderEntry::last).reversed());
    return all;
  }

  private void registered(Event.DeviceChanged event) {
    if (event.change() == Event.Change.DELETED) {
      buffer.forget(event.device());
    }
  }
}
