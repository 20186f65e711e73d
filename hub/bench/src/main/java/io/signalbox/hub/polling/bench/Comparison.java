package io.signalbox.hub.polling.bench;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of all polling strategies on the commands of one workload.
 *
 * @param pattern the workload
 * @param pollCost cost of a poll, in seconds of waiting of one command
 * @param bestInterval the fixed interval with the lowest cost, in seconds
 * @param fixed cost of each fixed interval relative to the best one, for the plot
 * @param outcomes cost of each strategy
 */
record Comparison(
    Workload pattern,
    double pollCost,
    double bestInterval,
    List<Point> fixed,
    Map<Strategy, PollingCost> outcomes) {

  /** The compared strategies. */
  enum Strategy {
    BEST_FIXED("best fixed interval, in hindsight"),
    PLAN("the plan"),
    AIMD("AIMD"),
    BACK_OFF("exponential back-off"),
    MINUTE("every minute"),
    HELD("long poll, held 30 s"),
    INFORMED("knows the process"),
    CLAIRVOYANT("clairvoyant");

    private final String words;

    Strategy(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** A point of a curve. */
  record Point(double interval, double cost) {}

  /** Runs all strategies, once per seed. */
  static Comparison of(Workload pattern, double pollCost, int seeds) {
    List<Simulation> trials =
        LongStream.range(0, seeds)
            .mapToObj(seed -> pattern.commands().apply(new Random(seed)))
            .map(commands -> new Simulation(pattern.seconds(), commands))
            .toList();
    List<Point> curve =
        Simulation.grid()
            .mapToObj(each -> new Point(each, fixed(trials, each).cost(pollCost)))
            .toList();
    Point best = curve.stream().min(Comparator.comparingDouble(Point::cost)).orElseThrow();
    List<Point> fixed =
        curve.stream().map(each -> new Point(each.interval, each.cost / best.cost)).toList();
    Map<Strategy, PollingCost> outcomes = outcomes(pattern, pollCost, trials);
    outcomes.put(Strategy.BEST_FIXED, fixed(trials, best.interval));
    return new Comparison(pattern, pollCost, best.interval, fixed, outcomes);
  }

  /** Cost relative to the best fixed interval; null if the strategy was not run. */
  @Nullable Double ratio(Strategy strategy) {
    PollingCost outcome = outcomes.get(strategy);
    PollingCost best = outcomes.get(Strategy.BEST_FIXED);
    return outcome == null || best == null
        ? null
        : (Double) outcome.against(best, each -> each.cost(pollCost));
  }

  private static Map<Strategy, PollingCost> outcomes(
      Workload pattern, double cost, List<Simulation> trials) {
    Map<Strategy, PollingCost> outcomes = new EnumMap<>(Strategy.class);
    outcomes.put(Strategy.PLAN, sum(trials, trial -> trial.run(new PlannerStrategy(cost, 1))));
    outcomes.put(Strategy.AIMD, sum(trials, trial -> trial.run(BaselineStrategies.aimd())));
    outcomes.put(Strategy.BACK_OFF, sum(trials, trial -> trial.run(BaselineStrategies.backOff())));
    outcomes.put(Strategy.MINUTE, fixed(trials, 60));
    outcomes.put(Strategy.HELD, sum(trials, Simulation::held));
    outcomes.put(Strategy.CLAIRVOYANT, sum(trials, trial -> trial.clairvoyant(cost)));
    Workload.Bursts known = pattern.bursts();
    if (known != null) {
      outcomes.put(
          Strategy.INFORMED, sum(trials, trial -> trial.run(new OraclePoller(known, cost))));
    }
    return outcomes;
  }

  private static PollingCost fixed(List<Simulation> trials, double interval) {
    return sum(trials, trial -> trial.every(interval));
  }

  private static PollingCost sum(List<Simulation> trials, Function<Simulation, PollingCost> run) {
    return trials.stream().map(run).reduce(PollingCost::and).orElseThrow();
  }
}
