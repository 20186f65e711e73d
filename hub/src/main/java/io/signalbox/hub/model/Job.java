package io.signalbox.hub.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command to many devices, tracked as one.
 *
 * @param id UUIDv7
 * @param spec the specification
 * @param created Unix milliseconds
 * @param by name of the principal that created it
 * @param state the state of the job
 * @param ended Unix milliseconds when its last command ended; null until then
 * @param reason why it was aborted or cancelled; null otherwise
 * @param total number of devices
 * @param counts devices by state; adds up to the total
 * @param version grows with every change, and is the ETag
 */
public record Job(
    String id,
    JobSpec spec,
    long created,
    String by,
    State state,
    @Nullable Long ended,
    @Nullable String reason,
    int total,
    Counts counts,
    long version) {

  /** Whether the job is final: nothing about it will change again. */
  public boolean isOver() {
    return ended != null;
  }

  /**
   * What every device is to do, and how the devices are gone through. JSON parts are compact text.
   *
   * @param name what to do, 1 to 128 characters
   * @param params JSON object with the parameters
   * @param ttl of each command, from when it is made or from {@code notBefore}, if that is later
   * @param notBefore Unix milliseconds before which none is delivered; null for none
   * @param collapse of queued commands with the same key only the newest is delivered; null for
   *     none
   * @param metadata JSON of the caller's that comes back in every event; null for none
   * @param selector how the devices were found; null if they were named
   * @param maxConcurrent most commands that are unfinished at a time; null for no limit
   * @param abort when to give up; null for never
   */
  public record JobSpec(
      String name,
      String params,
      Duration ttl,
      @Nullable Long notBefore,
      @Nullable String collapse,
      @Nullable String metadata,
      @Nullable Selector selector,
      @Nullable Integer maxConcurrent,
      @Nullable FailureThreshold abort) {}

  /**
   * Finds devices.
   *
   * @param type exactly this type; null for any
   * @param labels each must be there with this value
   */
  public record Selector(@Nullable String type, Map<String, String> labels) {}

  /**
   * When a job gives up.
   *
   * @param failureRate of the devices that have ended, so many have failed: above 0, at most 1
   * @param minFinished it is not judged before so many devices have ended
   */
  public record FailureThreshold(double failureRate, int minFinished) {}

  /** Where a job stands, in the words of the protocol. */
  public enum State {
    /** Commands are made and followed. */
    RUNNING,
    /** Every device has been dealt with. */
    DONE,
    /** Too many have failed: nothing more is sent. */
    ABORTED,
    /** Somebody has taken it back: nothing more is sent. */
    CANCELLED
  }

  /** How one of the job's devices stands, in the words of the protocol. */
  public enum ExecutionState {
    /** Its command has not been made yet. */
    WAITING,
    QUEUED,
    SENT,
    ACCEPTED,
    SUCCEEDED,
    FAILED,
    REJECTED,
    EXPIRED,
    CANCELLED,
    SUPERSEDED,
    /** No command could be made for it, and it is kept why. */
    REFUSED,
    /** The job was over before its command was made. */
    SKIPPED
  }

  /**
   * How many of a job's devices stand how.
   *
   * @param counts by standing; what is missing is none
   */
  public record Counts(Map<ExecutionState, Integer> counts) {
    public Counts {
      counts = Map.copyOf(counts);
    }

    /** All of them waiting. */
    public static Counts waiting(int devices) {
      return new Counts(new EnumMap<>(Map.of(ExecutionState.WAITING, devices)));
    }

    /** How many stand so. */
    public int of(ExecutionState standing) {
      return counts.getOrDefault(standing, 0);
    }

    /** How many have a command that is not over. */
    public int unfinished() {
      return of(ExecutionState.QUEUED) + of(ExecutionState.SENT) + of(ExecutionState.ACCEPTED);
    }

    /** How many had their turn, well or not. */
    public int ended() {
      return sum() - of(ExecutionState.WAITING) - of(ExecutionState.SKIPPED) - unfinished();
    }

    /** How many could not do it, would not, or did not in time. */
    public int failures() {
      return of(ExecutionState.FAILED)
          + of(ExecutionState.REJECTED)
          + of(ExecutionState.EXPIRED)
          + of(ExecutionState.REFUSED);
    }

    /** All of them. */
    public int sum() {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }
}
