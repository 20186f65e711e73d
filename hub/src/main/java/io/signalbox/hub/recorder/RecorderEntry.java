package io.signalbox.hub.recorder;

import io.signalbox.hub.model.Transport;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the flight recorder: an event of a device that happened once or repeatedly.
 *
 * @param device the device's id
 * @param ts Unix milliseconds of the first occurrence
 * @param kind kind of event
 * @param code stable code: a presence cause, an error code, or a command state. Events with the
 *     same device, kind and code are repetitions
 * @param text a sentence about the last occurrence; see {@link #sentence}
 * @param connection the device's connection at the last occurrence
 * @param command id of the command concerned; null if none
 * @param node the hub node that recorded it
 * @param times number of occurrences; for a {@link Kind#GAP}, the number of missing entries
 * @param last Unix milliseconds of the last occurrence
 */
public record RecorderEntry(
    String device,
    long ts,
    Kind kind,
    String code,
    String text,
    ConnectionInfo connection,
    @Nullable String command,
    String node,
    int times,
    long last) {

  /** An event that happened once. */
  public static RecorderEntry once(
      String device,
      long ts,
      Kind kind,
      String code,
      String text,
      ConnectionInfo connection,
      String node) {
    return new RecorderEntry(device, ts, kind, code, text, connection, null, node, 1, ts);
  }

  /** The same event, with the command that it concerns. */
  public RecorderEntry about(String itsCommand) {
    return new RecorderEntry(
        device, ts, kind, code, text, connection, itsCommand, node, times, last);
  }

  /** The event in a sentence. */
  public String sentence() {
    return kind == Kind.GAP ? missing() + text : text;
  }

  private String missing() {
    return times == 1 ? "1 entry was " : times + " entries were ";
  }

  /** Merges this entry with a later repetition. */
  RecorderEntry and(RecorderEntry later) {
    return new RecorderEntry(
        device,
        ts,
        kind,
        code,
        later.text,
        later.connection,
        later.command,
        later.node,
        times + later.times,
        later.last);
  }

  /**
   * Connection of a device; any part may be unknown.
   *
   * @param session epoch of the session
   * @param address network address
   */
  public record ConnectionInfo(
      @Nullable Long session, @Nullable Transport transport, @Nullable String address) {
    /** An unknown connection. */
    public static final ConnectionInfo UNKNOWN = new ConnectionInfo(null, null, null);
  }

  /** Kind of event. */
  public enum Kind {
    /** A session started. */
    CONNECTED(60),
    /** A session ended; the code is the cause. */
    DISCONNECTED(60),
    /** A session replaced an older one. */
    TAKEOVER(60),
    /** The device was refused. */
    REFUSED(600),
    /** The device was throttled. */
    THROTTLED(600),
    /** A message was refused. */
    MESSAGE(600),
    /** A command result was refused. */
    RESULT(600),
    /** The desired state was sent to the device. */
    TWIN(600),
    /** The device polled. */
    POLLED(600),
    /** A command changed its state. */
    COMMAND(0),
    /** The device's registry entry was changed. */
    CHANGED(60),
    /** The hub was restarted. */
    RESTARTED(0),
    /** Entries are missing at this point. */
    GAP(600);

    private final long againMillis;

    Kind(int againSeconds) {
      this.againMillis = againSeconds * 1_000L;
    }

    /** Time after the last occurrence within which an event is a repetition, ms. */
    public long againMillis() {
      return againMillis;
    }
  }
}
