package io.signalbox.hub.wire;

import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device says in an exchange. What is wrong with one part says nothing of the others.
 *
 * @param telemetry its readings; without any if it says nothing of the kind
 * @param reported a merge patch on what the device reports, as compact text; null if none
 * @param power what the device says of its power; null if nothing
 * @param desiredVersion which version of what is desired the device has; null if it does not say
 * @param received ids of commands that the device has and has not answered; null if it does not say
 * @param refused what could not be taken, by its field
 */
public record ExchangeRequest(
    TelemetryPayload telemetry,
    List<Result> results,
    @Nullable String reported,
    @Nullable PowerReport power,
    @Nullable Long desiredVersion,
    @Nullable Set<String> received,
    List<Refusal> refused) {
  /** As many commands may be named as received; more than a device can have unfinished. */
  public static final int MOST_RECEIVED = 200;

  /**
   * A command's result.
   *
   * @param field where it stands, as {@code results[2]}
   */
  public record Result(String field, CommandResult result) {}

  /**
   * What a device says of its power; nothing of it is checked but its kind.
   *
   * @param minInterval milliseconds
   * @param maxInterval milliseconds
   * @param pollCost what a poll is worth, in seconds that one command waits
   * @param batteryPercent charge
   * @param windows times of day, as {@code 22:00-06:30}
   */
  public record PowerReport(
      @Nullable Long minInterval,
      @Nullable Long maxInterval,
      @Nullable Double pollCost,
      @Nullable Double batteryPercent,
      List<String> windows) {}
}
