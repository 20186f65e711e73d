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
public final class PollingPlan {
  private static final double JITTER = 0.1;

  /** A scheduled command that is so little further away is waited for: that saves a poll. */
  private static final double WORTH_WAITING = 1.25;

  /** What has one time for many devices is fetched within so many milliseconds of it. */
  private static final double MOST_LATE = 5_000;

  /** Of more types than this the hub learns nothing by themselves. */
  private static final int MOST_TYPES = 1_000;

  private final PollingSettings settings;
  private final Pressure pressure;
  private final RandomGenerator random;
  private final Experience usual;
  private final Map<String, Experience> types = new ConcurrentHashMap<>();

  /** A plan; the random numbers must be safe to draw from any thread that plans. */
  public PollingPlan(PollingSettings settings, Pressure pressure, RandomGenerator random) {
    this.settings = settings;
    this.pressure = pressure;
    this.random = random;
    this.usual = new Experience(settings.usual());
    Terms.ofTypes(settings.types(), settings.usual())
        .forEach((type, terms) -> types.put(type, new Experience(terms)));
  }

  /**
   * The rhythm of a device of which nothing is known but its type. Commands that it got earlier may
   * be told afterwards, oldest first.
   *
   * @param since from when its commands are known or will be told, ms of a clock that does not jump
   */
  public Rhythm rhythm(@Nullable String type, long since) {
    return new Rhythm(type == null ? usual : experienceOf(type), since);
  }

  private Experience experienceOf(String type) {
    Experience known = types.get(type);
    if (known != null) {
      return known;
    }
    return types.size() >= MOST_TYPES
        ? usual
        : types.computeIfAbsent(type, named -> new Experience(settings.usual()));
  }

  /**
   * A command came for the device. To be told once for each, however often it is handed out, in the
   * order in which they came, and at the latest before the next interval is asked for. Commands
   * that are scheduled for a time are not told: the outlook has them.
   *
   * @param created when, by the clock of the rhythm
   */
  public void commandCame(Rhythm rhythm, long created) {
    rhythm.commandCame(created);
  }

  /** As the five-argument form, where time of day and elapsed time are one. */
  Planned next(Rhythm rhythm, Power power, Outlook outlook, long now) {
    return next(rhythm, power, outlook, now, now);
  }

  /**
   * When the device should poll next: to be asked once for each answer to a poll.
   *
   * @param now by the same clock as the device's rhythm, ms
   * @param wall the same moment in Unix milliseconds, for windows and scheduled commands
   */
  public Planned next(Rhythm rhythm, Power power, Outlook outlook, long now, long wall) {
    pressure.polled(rhythm.stretched(), now);
    double stretch = pressure.stretch();
    rhythm.stretched(stretch);
    Bounds bounds = Bounds.of(power, rhythm.terms());
    Draft wish = wish(rhythm, power, now).within(bounds).stretched(stretch);
    return windowed(expecting(wish, outlook, bounds, wall), power.windows(), wall);
  }

  private Draft wish(Rhythm rhythm, Power power, long now) {
    Double own = power.pollCost();
    double cost = own == null ? rhythm.terms().pollCost() : own;
    Draft wish = rhythm.wish(cost, now);
    return wish.saving(scarcity(power.batteryPercent()));
  }

  /** Intervals go with the charge that is left; the last percent is not divided any further. */
  private double scarcity(@Nullable Double percent) {
    return percent == null || percent >= settings.lowBattery()
        ? 1
        : settings.lowBattery() / Math.max(1, percent);
  }

  private Planned expecting(Draft wish, Outlook outlook, Bounds bounds, long wall) {
    if (outlook.pending() > 0) {
      double soonest = bounds.least() * pressure.stretch();
      return spread(soonest, soonest, bounds, Because.PENDING);
    }
    double due = outlook.nextDue() - wall;
    if (outlook.nextDue() > 0 && due <= Math.min(wish.millis() * WORTH_WAITING, bounds.most())) {
      double soonest = Math.max(bounds.least(), due);
      return spread(soonest, soonest, bounds, Because.PENDING);
    }
    return spread(
        wish.millis() * (1 - JITTER), wish.millis() * (1 + JITTER), bounds, wish.because());
  }

  /** Somewhere from the soonest to the latest, with some room after it if there is none between. */
  private Planned spread(double soonest, double latest, Bounds bounds, Because because) {
    double from = bounds.clamp(soonest);
    double to = Math.max(latest, from + Math.min(from * JITTER, MOST_LATE));
    double upTo = Math.max(from, Math.min(to, bounds.most()));
    return new Planned(
        Math.max(1, Math.round(from + (upTo - from) * random.nextDouble())), because);
  }

  private Planned windowed(Planned planned, List<Window> windows, long wall) {
    long then = wall + planned.millis();
    long wait = windows.stream().mapToLong(window -> window.opensIn(then)).min().orElse(0);
    if (wait == 0) {
      return planned;
    }
    double jitter = Math.min(MOST_LATE, (planned.millis() + wait) * JITTER) * random.nextDouble();
    return new Planned(planned.millis() + wait + Math.round(jitter), Because.WINDOW);
  }
}
