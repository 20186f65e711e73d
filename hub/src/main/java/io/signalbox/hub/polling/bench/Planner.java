package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.Outlook;
import io.signalbox.hub.polling.PollingPlan;
import io.signalbox.hub.polling.PollingSettings;
import io.signalbox.hub.polling.Power;
import io.signalbox.hub.polling.Pressure;
import io.signalbox.hub.polling.Rhythm;
import java.util.List;
import java.util.Random;

/** The hub's own plan, jitter included, of a device of which nothing was known. */
final class Planner implements Poller {
  private static final long START = 1_700_000_000_000L;
  private static final long LONGEST_MILLIS = 36_000_000;

  private final PollingPlan plan;
  private final Rhythm rhythm;
  private final Power power;

  Planner(double pollCost, long seed) {
    PollingSettings settings = PollingSettings.standard();
    this.plan = new PollingPlan(settings, new Pressure(settings, () -> 0), new Random(seed));
    this.rhythm = plan.rhythm(null, START);
    this.power = new Power(1_000L, LONGEST_MILLIS, pollCost, null, List.of());
  }

  @Override
  public void commandCame(double at) {
    plan.commandCame(rhythm, START + Math.round(at * 1_000));
  }

  @Override
  public double next(double now) {
    long millis = START + Math.round(now * 1_000);
    return plan.next(rhythm, power, Outlook.CLEAR, millis, millis).millis() / 1_000.0;
  }
}
