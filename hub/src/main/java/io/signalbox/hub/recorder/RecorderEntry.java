package io.signalbox.hub.recorder;

import io.signalbox.hub.model.Transport;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the flight recorder: something that happened to a device, once or again and again.
 *
 * @param device the device's id
 * @param ts Unix milliseconds at which it happened first
 * @param kind what sort of thing
 * @param code what exactly, in a stable word: a presence's cause, a refusal's code, a command's
 *     state. What has the same device, kind and code is the same thing happening again
 * @param text a sentence for people about the last time; see {@link #sentence}
 * @param connection where the device was, the last time
 * @param command the id of the command that it is about; null if it is about none
 * @param node the hub node that saw it
 * @param times how often it happened; of a {@link Kind#GAP}, how many entries are missing
 * @param last Unix milliseconds at which it happened last
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

  /** Something that happened once. */
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

  /** The same, about that command. */
  public RecorderEntry about(String itsCommand) {
    return new RecorderEntry(
        device, ts, kind, code, text, connection, itsCommand, node, times, last);
  }

  /** What happened, in a sentence. */
  public String sentence() {
    return kind == Kind.GAP ? missing() + text : text;
  }

  private String missing() {
    return times == 1 ? "1 entry was " : times + " entries were ";
  }

  /** Both as one: this happened, and then the later one, which is the same thing again. */
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
   * Where a device is, or was; nothing of it needs to be known.
   *
   * @param session the session's epoch
   * @param address the network address
   */
  public record ConnectionInfo(
      @Nullable Long session, @Nullable Transport transport, @Nullable String address) {
    /** Nothing is known. */
    public static final ConnectionInfo UNKNOWN = new ConnectionInfo(null, null, null);
  }

  /** What sort of thing happened. */
  public enum Kind {
    /** A session began. */
    CONNECTED(60),
    /** A session ended; the code is the cause. */
    DISCONNECTED(60),
    /** A session took the place of an older one. */
    TAKEOVER(60),
    /** The device was not let in. */
    REFUSED(600),
    /** The device was slowed down. */
    THROTTLED(600),
    /** A message was refused. */
    MESSAGE(600),
    /** An answer to a command was refused. */
    RESULT(600),
    /** The desired state was sent to the device. */
    TWIN(600),
    /** The device polled. */
    POLLED(600),
    /** A command went a step further. */
    COMMAND(0),
    /** Somebody changed the device's entry in the registry. */
    CHANGED(60),
    /** The hub was not there for a while. */
    RESTARTED(0),
    /** Entries are missing here. */
    GAP(600);

    private final long againMillis;

    Kind(int againSeconds) {
      this.againMillis = againSeconds * 1_000L;
    }

    /** Within what time after the last it is the same thing again and not another; ms. */
    public long againMillis() {
      return againMillis;
    }
  }
}
