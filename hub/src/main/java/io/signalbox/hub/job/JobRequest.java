package io.signalbox.hub.job;

import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.Selector;
import java.util.List;
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
}
