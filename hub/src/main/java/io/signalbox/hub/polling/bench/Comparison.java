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
 * One pattern, every way of polling on the same commands.
 *
 * @param pattern how the commands came
 * @param pollCost what a poll is worth, in seconds that one command waits
 * @param bestInterval the fixed interval that turned out best, s
 * @param fixed each fixed interval's cost against the best one's, for the plot
 * @param outcomes what each way came to
 */
record Comparison(
    Workload pattern,
    double pollCost,
    double bestInterval,
    List<Point> fixed,
    Map<Strategy, PollingCost> outcomes) {

  /** The ways of polling. */
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

  /** Runs it, once for each seed. */
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

  /** The cost of a way against that of the best fixed interval; null if it did not take part. */
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
    Workload.Bursts known = pattern.flurries();
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
