package io.signalbox.hub.job;

import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.job.JobRequest.Targets;
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
 * A validated job request.
 *
 * @param command the command for each device, with compact JSON
 * @param targets the devices, distinct
 * @param request the request
 * @param idempotencyKey identifies repetitions of the request; null for none
 */
record ValidatedJob(
    CommandRequest.Validated command,
    Targets targets,
    JobRequest request,
    @Nullable IdempotencyKey idempotencyKey) {
  /** Validates a request; {@code INVALID} or {@code TOO_LARGE} with the field. */
  static ValidatedJob of(JobRequest request, long now) {
    CommandRequest.Validated command = request.command().validated(now);
    Targets targets = checked(request.targets());
    checkMaxConcurrent(request.maxConcurrent());
    checkAbort(request.abort());
    return new ValidatedJob(command, targets, request, key(command, targets, request));
  }

  /** The new job for this number of devices. */
  Job job(String id, int devices, long now, String by) {
    Selector selector = targets instanceof Targets.Selected found ? found.selector() : null;
    Job.JobSpec spec =
        new Job.JobSpec(
            command.name(),
            command.params(),
            command.ttl(),
            command.notBefore(),
            command.collapse(),
            command.metadata(),
            selector,
            request.maxConcurrent(),
            request.abort());
    return new Job(
        id, spec, now, by, Job.State.RUNNING, null, null, devices, Counts.waiting(devices), 1);
  }

  private static Targets checked(Targets targets) {
    return switch (targets) {
      case Targets.Devices named -> new Targets.Devices(once(named.devices()));
      case Targets.Selected found -> checkSelector(found);
    };
  }

  private static List<String> once(List<String> devices) {
    Set<String> once = new LinkedHashSet<>(devices);
    if (once.isEmpty()) {
      throw invalid("devices", "is empty; expected at least one device");
    }
    if (once.size() > JobRequest.MOST_DEVICES) {
      throw tooMany("devices", once.size());
    }
    int at = 0;
    for (String device : devices) {
      if (!Device.isId(device)) {
        throw invalid(
            "devices[" + at + "]", "is invalid; expected [A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
      }
      at++;
    }
    return List.copyOf(once);
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
        "%s: %d devices; expected at most %d per job"
            .formatted(field, devices, JobRequest.MOST_DEVICES));
  }

  private static void checkMaxConcurrent(@Nullable Integer maxConcurrent) {
    if (maxConcurrent != null && (maxConcurrent < 1 || maxConcurrent > JobRequest.MOST_DEVICES)) {
      throw invalid("maxConcurrent", "is out of range; expected 1 to " + JobRequest.MOST_DEVICES);
    }
  }

  private static void checkAbort(@Nullable FailureThreshold abort) {
    if (abort == null) {
      return;
    }
    if (!(abort.failureRate() > 0 && abort.failureRate() <= 1)) {
      throw invalid(
          "abort.failureRate", "is out of range; expected a number above 0 and at most 1");
    }
    if (abort.minFinished() < 1 || abort.minFinished() > JobRequest.MOST_DEVICES) {
      throw invalid(
          "abort.minFinished", "is out of range; expected 1 to " + JobRequest.MOST_DEVICES);
    }
  }

  private static @Nullable IdempotencyKey key(
      CommandRequest.Validated command, Targets targets, JobRequest request) {
    IdempotencyKey key = command.idempotencyKey();
    return key == null ? null : IdempotencyKey.of(key.key(), content(command, targets, request));
  }

  private static List<String> content(
      CommandRequest.Validated command, Targets targets, JobRequest request) {
    List<String> content = new ArrayList<>();
    content.add(command.name());
    content.add(command.params());
    content.add(command.ttl().toString());
    content.add(String.valueOf(command.notBefore()));
    content.add(String.valueOf(command.collapse()));
    content.add(String.valueOf(command.metadata()));
    content.add(String.valueOf(request.maxConcurrent()));
    content.add(String.valueOf(request.abort()));
    switch (targets) {
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
