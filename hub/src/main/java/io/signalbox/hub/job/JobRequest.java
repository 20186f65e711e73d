package io.signalbox.hub.job;

import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Request to create a job.
 *
 * @param command the command for each device; its idempotency key is the job's
 * @param targets the devices
 * @param maxConcurrent maximum number of unfinished commands, 1 to {@value #MOST_DEVICES}; null for
 *     no limit
 * @param abort abort rule; null for none
 */
public record JobRequest(
    CommandRequest command,
    Targets targets,
    @Nullable Integer maxConcurrent,
    @Nullable FailureThreshold abort) {
  /** Maximum number of devices in a job. */
  public static final int MOST_DEVICES = 100_000;

  /** The target devices. */
  public sealed interface Targets {
    /** Listed devices in this order, without duplicates. They need not be registered. */
    record Devices(List<String> devices) implements Targets {}

    /**
     * Registered devices that match the selector when the job is created; later changes have no
     * effect.
     */
    record Selected(Selector selector) implements Targets {}
  }

  /**
   * A validated request.
   *
   * @param sent the command as it was requested
   * @param command the command for each device, with compact JSON
   * @param targets the devices, distinct
   * @param idempotencyKey identifies repetitions of this request; null for none
   */
  record Validated(
      CommandRequest sent,
      CommandRequest.Validated command,
      Targets targets,
      @Nullable Integer maxConcurrent,
      @Nullable FailureThreshold abort,
      @Nullable IdempotencyKey idempotencyKey) {
    /** The new job for this number of devices. */
    Job job(String id, int devices, long now, String by) {
      Job.JobSpec spec =
          new Job.JobSpec(
              command.name(),
              command.params(),
              command.ttl(),
              command.notBefore(),
              command.collapse(),
              command.metadata(),
              targets instanceof Targets.Selected found ? found.selector() : null,
              maxConcurrent,
              abort);
      return new Job(
          id, spec, now, by, Job.State.RUNNING, null, null, devices, Counts.waiting(devices), 1);
    }
  }

  /**
   * Validates the request; {@code INVALID} or {@code TOO_LARGE} with the field.
   *
   * @param now Unix milliseconds
   */
  Validated validated(long now) {
    CommandRequest.Validated validCommand = command.validated(now);
    Targets validTargets = validTargets();
    checkMaxConcurrent();
    checkAbort();
    return new Validated(
        command, validCommand, validTargets, maxConcurrent, abort, key(validCommand, validTargets));
  }

  private Targets validTargets() {
    return switch (targets) {
      case Targets.Devices named -> new Targets.Devices(distinct(named.devices()));
      case Targets.Selected found -> checkSelector(found);
    };
  }

  private static List<String> distinct(List<String> devices) {
    Set<String> distinct = new LinkedHashSet<>(devices);
    if (distinct.isEmpty()) {
      throw invalid("devices", "is empty; expected at least one device");
    }
    if (distinct.size() > MOST_DEVICES) {
      throw tooMany("devices", distinct.size());
    }
    int at = 0;
    for (String device : devices) {
      if (!Device.isId(device)) {
        throw invalid(
            "devices[" + at + "]", "is invalid; expected [A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
      }
      at++;
    }
    return List.copyOf(distinct);
  }

  private static Targets checkSelector(Targets.Selected found) {
    Selector selector = found.selector();
    if (selector.labels().isEmpty() && selector.type() == null) {
      throw invalid(
          "labels",
          "is empty; expected a label or a type, so that no job targets all devices by mistake");
    }
    return found;
  }

  static Refusal tooMany(String field, long devices) {
    return new Refusal(
        ErrorCode.TOO_LARGE,
        field,
        "%s: %d devices; expected at most %d per job".formatted(field, devices, MOST_DEVICES));
  }

  private void checkMaxConcurrent() {
    if (maxConcurrent != null && (maxConcurrent < 1 || maxConcurrent > MOST_DEVICES)) {
      throw invalid("maxConcurrent", "is out of range; expected 1 to " + MOST_DEVICES);
    }
  }

  private void checkAbort() {
    if (abort == null) {
      return;
    }
    if (!(abort.failureRate() > 0 && abort.failureRate() <= 1)) {
      throw invalid(
          "abort.failureRate", "is out of range; expected a number above 0 and at most 1");
    }
    if (abort.minFinished() < 1 || abort.minFinished() > MOST_DEVICES) {
      throw invalid("abort.minFinished", "is out of range; expected 1 to " + MOST_DEVICES);
    }
  }

  private @Nullable IdempotencyKey key(
      CommandRequest.Validated validCommand, Targets validTargets) {
    IdempotencyKey key = validCommand.idempotencyKey();
    return key == null ? null : IdempotencyKey.of(key.key(), content(validCommand, validTargets));
  }

  private List<String> content(CommandRequest.Validated validCommand, Targets validTargets) {
    List<String> content = new ArrayList<>();
    content.add(validCommand.name());
    content.add(validCommand.params());
    content.add(validCommand.effectiveTtl().toString());
    content.add(String.valueOf(validCommand.notBefore()));
    content.add(String.valueOf(validCommand.collapse()));
    content.add(String.valueOf(validCommand.metadata()));
    content.add(String.valueOf(maxConcurrent));
    content.add(String.valueOf(abort));
    switch (validTargets) {
      case Targets.Devices named -> content.addAll(named.devices());
      case Targets.Selected found -> content.add(inOrder(found.selector()).toString());
    }
    return content;
  }

  private static Selector inOrder(Selector selector) {
    return new Selector(selector.type(), new TreeMap<>(selector.labels()));
  }

  private static Refusal invalid(String field, String what) {
    return new Refusal(ErrorCode.INVALID, field, field + " " + what);
  }
}
