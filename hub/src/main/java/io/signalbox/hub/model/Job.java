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
   * Specification of a job: the command and how it is rolled out. JSON parts are compact text.
   *
   * @param name name of the command, 1 to 128 characters
   * @param params JSON object with the parameters
   * @param ttl time to live of each command, from its creation or from {@code notBefore}, if that
   *     is later; null for the default of each device when its command is made, or else one hour
   * @param notBefore Unix milliseconds before which no command is delivered; null for none
   * @param collapse collapse key: of queued commands with the same key only the newest is
   *     delivered; null for the default of each device when its command is made, or else none
   * @param metadata JSON of the caller that every event repeats; null for none
   * @param selector selector of the devices; null if they were listed
   * @param maxConcurrent maximum number of unfinished commands; null for no limit
   * @param abort abort rule; null for none
   */
  public record JobSpec(
      String name,
      String params,
      @Nullable Duration ttl,
      @Nullable Long notBefore,
      @Nullable String collapse,
      @Nullable String metadata,
      @Nullable Selector selector,
      @Nullable Integer maxConcurrent,
      @Nullable FailureThreshold abort) {}

  /**
   * Selector of devices.
   *
   * @param type required type; null for any
   * @param labels required labels and values
   */
  public record Selector(@Nullable String type, Map<String, String> labels) {}

  /**
   * Abort rule of a job.
   *
   * @param failureRate share of the finished devices that failed: above 0, at most 1
   * @param minFinished number of finished devices below which the rule does not apply
   */
  public record FailureThreshold(double failureRate, int minFinished) {}

  /** States of a job, as in the protocol. */
  public enum State {
    /** Commands are created and tracked. */
    RUNNING,
    /** All devices are finished. */
    DONE,
    /** Too many devices failed: no more commands are sent. */
    ABORTED,
    /** The job was cancelled: no more commands are sent. */
    CANCELLED
  }

  /** State of one device in a job, as in the protocol. */
  public enum ExecutionState {
    /** Its command is not created yet. */
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
    /** No command could be created; the reason is stored. */
    REFUSED,
    /** The job ended before its command was created. */
    SKIPPED
  }

  /**
   * Number of a job's devices by state.
   *
   * @param counts by state; a missing state counts as 0
   */
  public record Counts(Map<ExecutionState, Integer> counts) {
    public Counts {
      counts = Map.copyOf(counts);
    }

    /** Counts with all devices waiting. */
    public static Counts waiting(int devices) {
      return new Counts(new EnumMap<>(Map.of(ExecutionState.WAITING, devices)));
    }

    /** The number of devices in the state. */
    public int of(ExecutionState standing) {
      return counts.getOrDefault(standing, 0);
    }

    /** The number of devices with an unfinished command. */
    public int unfinished() {
      return of(ExecutionState.QUEUED) + of(ExecutionState.SENT) + of(ExecutionState.ACCEPTED);
    }

    /** The number of finished devices, whether they succeeded or not. */
    public int ended() {
      return sum() - of(ExecutionState.WAITING) - of(ExecutionState.SKIPPED) - unfinished();
    }

    /** The number of devices that failed, rejected, expired or were refused. */
    public int failures() {
      return of(ExecutionState.FAILED)
          + of(ExecutionState.REJECTED)
          + of(ExecutionState.EXPIRED)
          + of(ExecutionState.REFUSED);
    }

    /** The number of all devices. */
    public int sum() {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }
}
