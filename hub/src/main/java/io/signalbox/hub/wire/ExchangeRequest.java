package io.signalbox.hub.wire;

import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decoded body of an exchange. An invalid part does not affect the others.
 *
 * @param telemetry the readings; empty if the body has none
 * @param reported a merge patch of the reported state, as compact text; null if none
 * @param description what the device says of itself, as compact text; null if nothing
 * @param power the device's power report; null if none
 * @param desiredVersion the desired version that the device has; null if not given
 * @param received ids of the commands that the device has but has not answered; null if not given
 * @param refused the errors of the refused parts
 */
public record ExchangeRequest(
    TelemetryPayload telemetry,
    List<Result> results,
    @Nullable String reported,
    @Nullable String description,
    @Nullable PowerReport power,
    @Nullable Long desiredVersion,
    @Nullable Set<String> received,
    List<Refusal> refused) {
  /** Limit of {@code received}; more than the unfinished commands a device can have. */
  public static final int MAX_RECEIVED = 200;

  /**
   * A command's result.
   *
   * @param field the result's path, as {@code results[2]}
   */
  public record Result(String field, CommandResult result) {}

  /**
   * A device's power report; only the types of its fields are checked.
   *
   * @param minInterval milliseconds
   * @param maxInterval milliseconds
   * @param pollCost cost of a poll, in seconds of waiting of one command
   * @param batteryPercent charge
   * @param windows time ranges of the day, as {@code 22:00-06:30}
   */
  public record PowerReport(
      @Nullable Long minInterval,
      @Nullable Long maxInterval,
      @Nullable Double pollCost,
      @Nullable Double batteryPercent,
      List<String> windows) {}
}
