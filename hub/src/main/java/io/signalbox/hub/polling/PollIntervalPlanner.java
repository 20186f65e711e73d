package io.signalbox.hub.polling;

import io.signalbox.hub.model.PollingDefaults;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Planner of poll intervals. The device's command rate gives the interval with the lowest cost of
 * polls and waiting; it is then adjusted in this order:
 *
 * <ol>
 *   <li>a low battery lengthens the interval;
 *   <li>the bounds apply: the device's own, or those of its type;
 *   <li>an overloaded hub lengthens the interval, up to the upper bound;
 *   <li>remaining commands are fetched as soon as the bounds allow, a scheduled command at its
 *       time;
 *   <li>jitter of ±10 % within the bounds, so that devices do not poll in step;
 *   <li>a time outside the device's windows is moved to the start of the next one.
 * </ol>
 *
 * <p>Threading: any thread.
 */
public final class PollIntervalPlanner {
  private static final double JITTER = 0.1;

  /** A scheduled command up to this factor later is waited for, which saves a poll. */
  private static final double WORTH_WAITING = 1.25;

  /** Spread, in milliseconds, of polls that are due at the same time on many devices. */
  private static final double MAX_SPREAD = 5_000;

  /** Limit of types with their own statistics. */
  private static final int MAX_TYPES = 1_000;

  private final PollingSettings settings;
  private final LoadFactor pressure;
  private final RandomGenerator random;
  private final TypePrior usual;
  private final Map<String, TypePrior> types = new ConcurrentHashMap<>();

  /** A planner; {@code random} must be safe on all threads that use the planner. */
  public PollIntervalPlanner(
      PollingSettings settings, LoadFactor pressure, RandomGenerator random) {
    this.settings = settings;
    this.pressure = pressure;
    this.random = random;
    this.usual = new TypePrior(settings.usual());
  }

  /**
   * Sets the defaults of a device type, for its present and later devices.
   *
   * @param defaults null for the hub's settings
   */
  public void define(String type, @Nullable PollingDefaults defaults) {
    TypePolicy hub = settings.usual();
    TypePolicy policy = defaults == null ? hub : hub.with(defaults);
    TypePrior known = types.get(type);
    if (known != null) {
      known.policy(policy);
    } else if (defaults != null) {
      types.put(type, new TypePrior(policy));
    }
  }

  /**
   * Creates the rate model of a device. Earlier commands can be recorded afterwards, oldest first.
   *
   * @param since start of the recorded commands, in milliseconds of a monotonic clock
   */
  public CommandRateModel rhythm(@Nullable String type, long since) {
    return new CommandRateModel(type == null ? usual : priorOf(type), since);
  }

  private TypePrior priorOf(String type) {
    TypePrior known = types.get(type);
    if (known != null) {
      return known;
    }
    return types.size() >= MAX_TYPES
        ? usual
        : types.computeIfAbsent(type, named -> new TypePrior(settings.usual()));
  }

  /**
   * Records a new command of the device. Call it once per command, even if the command is delivered
   * repeatedly, in order of arrival, and before the next interval is planned. Scheduled commands
   * are not recorded; they are part of {@link PendingWork}.
   *
   * @param created time of the command, by the model's clock
   */
  public void recordArrival(CommandRateModel rateModel, long created) {
    rateModel.recordArrival(created);
  }

  /** Like the five-argument form, with one clock for both times. */
  NextPoll next(CommandRateModel rateModel, PowerProfile power, PendingWork pendingWork, long now) {
    return next(rateModel, power, pendingWork, now, now);
  }

  /**
   * Plans the device's next poll. Call it once per response to a poll.
   *
   * @param now current time by the model's clock, in milliseconds
   * @param wall current Unix milliseconds, for windows and scheduled commands
   */
  public NextPoll next(
      CommandRateModel rateModel,
      PowerProfile power,
      PendingWork pendingWork,
      long now,
      long wall) {
    pressure.polled(rateModel.stretched(), now);
    double stretch = pressure.stretch();
    rateModel.stretched(stretch);
    IntervalBounds bounds = IntervalBounds.of(power, rateModel.policy());
    IntervalProposal proposal = propose(rateModel, power, now).within(bounds).stretched(stretch);
    return moveIntoWindow(
        adjustToPending(proposal, pendingWork, bounds, wall), power.windows(), wall);
  }

  private IntervalProposal propose(CommandRateModel rateModel, PowerProfile power, long now) {
    Double own = power.pollCost();
    double cost = own == null ? rateModel.policy().pollCost() : own;
    IntervalProposal proposal = rateModel.propose(cost, now);
    return proposal.saving(batteryFactor(power.batteryPercent()));
  }

  /** Factor in inverse proportion to the charge; a charge below one percent counts as one. */
  private double batteryFactor(@Nullable Double percent) {
    return percent == null || percent >= settings.lowBatteryPercent()
        ? 1
        : settings.lowBatteryPercent() / Math.max(1, percent);
  }

  private NextPoll adjustToPending(
      IntervalProposal proposal, PendingWork pendingWork, IntervalBounds bounds, long wall) {
    if (pendingWork.pending() > 0) {
      double soonest = bounds.least() * pressure.stretch();
      return spread(soonest, soonest, bounds, PollReason.PENDING);
    }
    double due = pendingWork.nextDue() - wall;
    if (pendingWork.nextDue() > 0
        && due <= Math.min(proposal.millis() * WORTH_WAITING, bounds.most())) {
      double soonest = Math.max(bounds.least(), due);
      return spread(soonest, soonest, bounds, PollReason.PENDING);
    }
    return spread(
        proposal.millis() * (1 - JITTER),
        proposal.millis() * (1 + JITTER),
        bounds,
        proposal.reason());
  }

  /** A random time in the range; a range without length is extended by some jitter. */
  private NextPoll spread(double soonest, double latest, IntervalBounds bounds, PollReason reason) {
    double from = bounds.clamp(soonest);
    double to = Math.max(latest, from + Math.min(from * JITTER, MAX_SPREAD));
    double upTo = Math.max(from, Math.min(to, bounds.most()));
    return new NextPoll(
        Math.max(1, Math.round(from + (upTo - from) * random.nextDouble())), reason);
  }

  private NextPoll moveIntoWindow(NextPoll planned, List<AvailabilityWindow> windows, long wall) {
    long then = wall + planned.millis();
    long wait = windows.stream().mapToLong(window -> window.opensIn(then)).min().orElse(0);
    if (wait == 0) {
      return planned;
    }
    double jitter = Math.min(MAX_SPREAD, (planned.millis() + wait) * JITTER) * random.nextDouble();
    return new NextPoll(planned.millis() + wait + Math.round(jitter), PollReason.WINDOW);
  }
}
