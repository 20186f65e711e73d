package io.signalbox.hub.polling;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Plans when devices poll. The rhythm of a device's commands gives the interval at which polls and
 * waiting together cost least; then, in this order,
 *
 * <ol>
 *   <li>little charge makes polls dearer;
 *   <li>the bounds hold: the device's own, else those of its type;
 *   <li>an overloaded hub makes intervals longer, up to the upper bound;
 *   <li>commands left over are fetched as soon as the bounds allow, one that falls due at a known
 *       time is fetched then;
 *   <li>jitter of ±10 % inside the bounds, so that a fleet never polls in step;
 *   <li>a time outside the device's windows becomes the beginning of the next one.
 * </ol>
 *
 * <p>Threading: any thread.
 */
public final class PollIntervalPlanner {
  private static final double JITTER = 0.1;

  /** A scheduled command that is so little further away is waited for: that saves a poll. */
  private static final double WORTH_WAITING = 1.25;

  /** What has one time for many devices is fetched within so many milliseconds of it. */
  private static final double MOST_LATE = 5_000;

  /** Of more types than this the hub learns nothing by themselves. */
  private static final int MOST_TYPES = 1_000;

  private final PollingSettings settings;
  private final LoadFactor pressure;
  private final RandomGenerator random;
  private final TypePrior usual;
  private final Map<String, TypePrior> types = new ConcurrentHashMap<>();

  /** A plan; the random numbers must be safe to draw from any thread that plans. */
  public PollIntervalPlanner(
      PollingSettings settings, LoadFactor pressure, RandomGenerator random) {
    this.settings = settings;
    this.pressure = pressure;
    this.random = random;
    this.usual = new TypePrior(settings.usual());
    TypePolicy.ofTypes(settings.typeOverrides(), settings.usual())
        .forEach((type, terms) -> types.put(type, new TypePrior(terms)));
  }

  /**
   * The rhythm of a device of which nothing is known but its type. Commands that it got earlier may
   * be told afterwards, oldest first.
   *
   * @param since from when its commands are known or will be told, ms of a clock that does not jump
   */
  public CommandRateModel rhythm(@Nullable String type, long since) {
    return new CommandRateModel(type == null ? usual : experienceOf(type), since);
  }

  private TypePrior experienceOf(String type) {
    TypePrior known = types.get(type);
    if (known != null) {
      return known;
    }
    return types.size() >= MOST_TYPES
        ? usual
        : types.computeIfAbsent(type, named -> new TypePrior(settings.usual()));
  }

  /**
   * A command came for the device. To be told once for each, however often it is handed out, in the
   * order in which they came, and at the latest before the next interval is asked for. Commands
   * that are scheduled for a time are not told: the outlook has them.
   *
   * @param created when, by the clock of the rhythm
   */
  public void recordArrival(CommandRateModel rateModel, long created) {
    rateModel.recordArrival(created);
  }

  /** As the five-argument form, where time of day and elapsed time are one. */
  NextPoll next(CommandRateModel rateModel, PowerProfile power, PendingWork pendingWork, long now) {
    return next(rateModel, power, pendingWork, now, now);
  }

  /**
   * When the device should poll next: to be asked once for each answer to a poll.
   *
   * @param now by the same clock as the device's rhythm, ms
   * @param wall the same moment in Unix milliseconds, for windows and scheduled commands
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
    IntervalBounds bounds = IntervalBounds.of(power, rateModel.terms());
    IntervalProposal proposal = propose(rateModel, power, now).within(bounds).stretched(stretch);
    return windowed(expecting(proposal, pendingWork, bounds, wall), power.windows(), wall);
  }

  private IntervalProposal propose(CommandRateModel rateModel, PowerProfile power, long now) {
    Double own = power.pollCost();
    double cost = own == null ? rateModel.terms().pollCost() : own;
    IntervalProposal proposal = rateModel.propose(cost, now);
    return proposal.saving(batteryFactor(power.batteryPercent()));
  }

  /** Intervals go with the charge that is left; the last percent is not divided any further. */
  private double batteryFactor(@Nullable Double percent) {
    return percent == null || percent >= settings.lowBatteryPercent()
        ? 1
        : settings.lowBatteryPercent() / Math.max(1, percent);
  }

  private NextPoll expecting(
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

  /** Somewhere from the soonest to the latest, with some room after it if there is none between. */
  private NextPoll spread(double soonest, double latest, IntervalBounds bounds, PollReason reason) {
    double from = bounds.clamp(soonest);
    double to = Math.max(latest, from + Math.min(from * JITTER, MOST_LATE));
    double upTo = Math.max(from, Math.min(to, bounds.most()));
    return new NextPoll(
        Math.max(1, Math.round(from + (upTo - from) * random.nextDouble())), reason);
  }

  private NextPoll windowed(NextPoll planned, List<AvailabilityWindow> windows, long wall) {
    long then = wall + planned.millis();
    long wait = windows.stream().mapToLong(window -> window.opensIn(then)).min().orElse(0);
    if (wait == 0) {
      return planned;
    }
    double jitter = Math.min(MOST_LATE, (planned.millis() + wait) * JITTER) * random.nextDouble();
    return new NextPoll(planned.millis() + wait + Math.round(jitter), PollReason.WINDOW);
  }
}
