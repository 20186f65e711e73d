package io.signalbox.hub.job;

import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of many devices.
 *
 * @param command for each of them; its idempotency key is the job's
 * @param targets the devices
 * @param maxConcurrent most commands that are unfinished at a time, 1 to {@value #MOST_DEVICES};
 *     null for no limit
 * @param abort when to give up; null for never
 */
public record JobRequest(
    CommandRequest command,
    Targets targets,
    @Nullable Integer maxConcurrent,
    @Nullable FailureThreshold abort) {
  /** Most devices of one job. */
  public static final int MOST_DEVICES = 100_000;

  /** Which devices. */
  public sealed interface Targets {
    /** These, in this order; one that is named twice counts once. They need not be registered. */
    record Devices(List<String> devices) implements Targets {}

    /**
     * Those that are registered and fit when the job is made; what changes later is of no avail.
     */
    record Selected(Selector selector) implements Targets {}
  }
}
