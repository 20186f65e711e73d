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
 * Flight recorder: the latest events of every device. Always on and never blocking: an entry goes
 * to memory, and about once per second one transaction writes all of them. Entries not written when
 * the process is killed are lost; if the buffer is full, the oldest are dropped, and a gap entry
 * counts them.
 *
 * <p>Threading: any thread. Futures complete on a store thread.
 */
public final class FlightRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(FlightRecorder.class);
  private static final long WRITE_MS = 1_000;

  /** Limits the size of a transaction, so that other writers do not wait long. */
  private static final int BATCH_SIZE = 500;

  private static final int LONGEST_TEXT = 400;
  private static final int LONGEST_ID = 64;

  private final RecorderStore store;
  private final String node;
  private final WallClock clock;
  private final EntryBuffer buffer;
  private Future<Void> writing = Future.succeededFuture();
  private volatile boolean refused;

  /**
   * A recorder on this store.
   *
   * @param node name of this node
   * @param clock Unix milliseconds
   */
  public FlightRecorder(
      RecorderStore store, String node, WallClock clock, RecorderSettings settings) {
    this.store = store;
    this.node = node;
    this.clock = clock;
    this.buffer = new EntryBuffer(settings.bufferEntries());
  }

  /** Starts writing entries, and drops those of deleted devices. */
  public void open(Vertx vertx, Topic<Event.DeviceChanged> registry) {
    registry.subscribe(this::registered);
    vertx.setPeriodic(WRITE_MS, tick -> write());
  }

  /** Records that the hub was restarted while these devices were connected. */
  public void restarted(Map<String, Presence> cutOff) {
    cutOff(Kind.RESTARTED, cutOff, "the hub was restarted");
  }

  /** Records that a node stopped answering while these devices were connected to it. */
  public void nodeLost(String lost, Map<String, Presence> cutOff) {
    cutOff(Kind.DISCONNECTED, cutOff, "node %s stopped answering".formatted(lost));
  }

  private void cutOff(Kind kind, Map<String, Presence> cutOff, String why) {
    cutOff.forEach(
        (device, was) -> {
          String text = "session %d ended because %s".formatted(was.session(), why);
          ConnectionInfo connection =
              new ConnectionInfo(was.session(), was.transport(), was.address());
          note(device, kind, was.cause(), text, connection);
        });
  }

  /** Records an event of a device, now. */
  public void note(String device, Kind kind, String code, String text, ConnectionInfo connection) {
    buffer.add(made(device, kind, code, text, connection));
  }

  /** Records an event of a device, now, that concerns a command. */
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

  /** Refusals quote device input, which may be long. */
  private static String cut(String text) {
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
  }

  /** All entries of a device, by the time of their last occurrence, newest first. */
  public Future<List<RecorderEntry>> notes(String device) {
    return flush()
        .transform(written -> store.notes(device))
        .map(kept -> refused ? withPending(device, kept) : kept);
  }

  /** Writes all entries so far. Fails if the store refuses; they then stay in memory. */
  public synchronized Future<Void> flush() {
    writing = writing.transform(before -> writeAll());
    return writing;
  }

  /** Number of entries that wait to be written. */
  public int waiting() {
    return buffer.size();
  }

  /** Number of entries dropped since the start. */
  public long dropped() {
    return buffer.dropped();
  }

  private void write() {
    if (buffer.size() > 0) {
      flush()
          .onFailure(
              cause ->
                  LOG.debug(
                      "Flight recorder write failed, will be retried: {}", cause.getMessage()));
    }
  }

  private Future<Void> writeAll() {
    List<RecorderEntry> some = buffer.take(BATCH_SIZE);
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
