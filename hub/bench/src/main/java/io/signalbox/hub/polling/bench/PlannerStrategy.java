package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.CommandRateModel;
import io.signalbox.hub.polling.LoadFactor;
import io.signalbox.hub.polling.PendingWork;
import io.signalbox.hub.polling.PollIntervalPlanner;
import io.signalbox.hub.polling.PollingSettings;
import io.signalbox.hub.polling.PowerProfile;
import java.util.List;
import java.util.Random;

/** The hub's own planner, with jitter, for a new device. */
final class PlannerStrategy implements PollStrategy {
  private static final long START = 1_700_000_000_000L;
  private static final long LONGEST_MILLIS = 36_000_000;

  private final PollIntervalPlanner plan;
  private final CommandRateModel rateModel;
  private final PowerProfile power;

  PlannerStrategy(double pollCost, long seed) {
    PollingSettings settings = PollingSettings.standard();
    this.plan =
        new PollIntervalPlanner(settings, new LoadFactor(settings, () -> 0), new Random(seed));
    this.rateModel = plan.rhythm(null, START);
    this.power = new PowerProfile(1_000L, LONGEST_MILLIS, pollCost, null, List.of());
  }

  @Override
  public void recordArrival(double at) {
    plan.recordArrival(rateModel, START + Math.round(at * 1_000));
  }

  @Override
  public double next(double now) {
    long millis = START + Math.round(now * 1_000);
    return plan.next(rateModel, power, PendingWork.CLEAR, millis, millis).millis() / 1_000.0;
  }
}
