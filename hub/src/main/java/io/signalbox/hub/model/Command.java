package io.signalbox.hub.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command to a device. JSON parts are compact text.
 *
 * @param id UUIDv7
 * @param device the device's id
 * @param name name of the command, 1 to 128 characters
 * @param params JSON object with the parameters
 * @param created Unix milliseconds
 * @param expires Unix milliseconds after which an unfinished command ends as {@code EXPIRED}
 * @param notBefore Unix milliseconds before which it is not delivered; 0 for none
 * @param expectedBy Unix milliseconds by which the device is expected to receive it; null if
 *     unknown
 * @param collapse collapse key: of queued commands with the same key only the newest is delivered;
 *     null for none
 * @param metadata JSON of the caller that every event repeats; null for none
 * @param job id of the job that it belongs to; null for a single command
 * @param result JSON result of the device; null if none
 * @param error error text of the device or the hub; null if none
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

  /** The present state. */
  public State state() {
    return timeline.getLast().state();
  }

  /** Number of state changes: grows with every step, and is the ETag. */
  public int version() {
    return timeline.size();
  }

  /** Number of times that it was sent to the device. */
  public long deliveries() {
    return timeline.stream().filter(step -> step.state() == State.SENT).count();
  }

  /** The latest step into that state. */
  public Optional<Step> lastStep(State state) {
    return timeline.reversed().stream().filter(step -> step.state() == state).findFirst();
  }

  /** The same command in another state. */
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

  /** States of a command, as in the protocol. */
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

    /** Whether the state is final. */
    public boolean isFinal() {
      return switch (this) {
        case QUEUED, SENT, ACCEPTED -> false;
        case SUCCEEDED, FAILED, REJECTED, EXPIRED, CANCELLED, SUPERSEDED -> true;
      };
    }
  }

  /**
   * A step of the timeline.
   *
   * @param state the state that began
   * @param ts Unix milliseconds
   * @param node the hub node that recorded it
   * @param session epoch of the session involved; null if none
   * @param transport transport of that session
   * @param by who caused it: name of a key, or id of the device; null for the hub itself
   * @param reason the reason, unless the state explains itself
   * @param leaseExpires for a command delivered by a poll: end of the lease (Unix milliseconds),
   *     when it is queued again if unanswered; else null
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
    /** A step without a lease. */
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
