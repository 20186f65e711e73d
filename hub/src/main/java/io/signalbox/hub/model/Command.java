package io.signalbox.hub.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something a device is asked to do. JSON parts are compact text.
 *
 * @param id UUIDv7
 * @param device the device's id
 * @param name what to do, 1 to 128 characters
 * @param params JSON object with the parameters
 * @param created Unix milliseconds
 * @param expires Unix milliseconds; past it an unfinished command ends as {@code EXPIRED}
 * @param notBefore Unix milliseconds before which it is not delivered; 0 for none
 * @param expectedBy Unix milliseconds by which the device is expected to have it; null if nobody
 *     can tell
 * @param collapse of queued commands with the same key only the newest is delivered; null for none
 * @param metadata JSON of the caller's that comes back in every event; null for none
 * @param job the job that it belongs to; null if it was made by itself
 * @param result JSON that the device gave; null if none
 * @param error the device's or the hub's words why it failed; null if none
 * @param timeline every step, oldest first; the last one is the present state
 */
public record Command(
    String id,
    String device,
    String name,
    String params,
    long created,
    long expires,
    long notBefore,
    @Nullable Long expectedBy,
    @Nullable String collapse,
    @Nullable String metadata,
    @Nullable String job,
    @Nullable String result,
    @Nullable String error,
    List<Step> timeline) {

  /** Where the command stands. */
  public State state() {
    return timeline.getLast().state();
  }

  /** How often its state has changed: grows with every step, and is its ETag. */
  public int version() {
    return timeline.size();
  }

  /** The same command elsewhere in its life. */
  public Command with(
      @Nullable Long expectedBy,
      @Nullable String result,
      @Nullable String error,
      List<Step> timeline) {
    return new Command(
        id,
        device,
        name,
        params,
        created,
        expires,
        notBefore,
        expectedBy,
        collapse,
        metadata,
        job,
        result,
        error,
        timeline);
  }

  /** The same command with another timeline. */
  public Command withTimeline(List<Step> timeline) {
    return with(expectedBy, result, error, timeline);
  }

  /** A command's states, in the words of the protocol. */
  public enum State {
    QUEUED,
    SENT,
    ACCEPTED,
    SUCCEEDED,
    FAILED,
    REJECTED,
    EXPIRED,
    CANCELLED,
    SUPERSEDED;

    /** Whether the command's life is over. */
    public boolean isFinal() {
      return switch (this) {
        case QUEUED, SENT, ACCEPTED -> false;
        case SUCCEEDED, FAILED, REJECTED, EXPIRED, CANCELLED, SUPERSEDED -> true;
      };
    }
  }

  /**
   * One step of the timeline.
   *
   * @param state the state that began
   * @param ts Unix milliseconds
   * @param node the hub node that saw it
   * @param session epoch of the session it went through; null if none had a part in it
   * @param transport of that session
   * @param by who caused it: a key's name, or the device's id; null for the hub itself
   * @param reason why, where it does not explain itself
   * @param leaseExpires of a command that was sent as the answer to a poll: when its lease is over,
   *     and it is queued again if it is not answered (ms); else null
   */
  public record Step(
      State state,
      long ts,
      String node,
      @Nullable Long session,
      @Nullable Transport transport,
      @Nullable String by,
      @Nullable String reason,
      @Nullable Long leaseExpires) {
    /** A step that is not the beginning of a lease. */
    public Step(
        State state,
        long ts,
        String node,
        @Nullable Long session,
        @Nullable Transport transport,
        @Nullable String by,
        @Nullable String reason) {
      this(state, ts, node, session, transport, by, reason, null);
    }
  }
}
