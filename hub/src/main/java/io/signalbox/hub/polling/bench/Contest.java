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
record Contest(
    Pattern pattern,
    double pollCost,
    double bestInterval,
    List<Point> fixed,
    Map<Way, Outcome> outcomes) {

  /** The ways of polling. */
  enum Way {
    BEST_FIXED("best fixed interval, in hindsight"),
    PLAN("the plan"),
    AIMD("AIMD"),
    BACK_OFF("exponential back-off"),
    MINUTE("every minute"),
    HELD("long poll, held 30 s"),
    INFORMED("knows the process"),
    CLAIRVOYANT("clairvoyant");

    private final String words;

    Way(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** A point of a curve. */
  record Point(double interval, double cost) {}

  /** Runs it, once for each seed. */
  static Contest of(Pattern pattern, double pollCost, int seeds) {
    List<Trial> trials =
        LongStream.range(0, seeds)
            .mapToObj(seed -> pattern.commands().apply(new Random(seed)))
            .map(commands -> new Trial(pattern.seconds(), commands))
            .toList();
    List<Point> curve =
        Trial.grid().mapToObj(each -> new Point(each, fixed(trials, each).cost(pollCost))).toList();
    Point best = curve.stream().min(Comparator.comparingDouble(Point::cost)).orElseThrow();
    List<Point> fixed =
        curve.stream().map(each -> new Point(each.interval, each.cost / best.cost)).toList();
    Map<Way, Outcome> outcomes = outcomes(pattern, pollCost, trials);
    outcomes.put(Way.BEST_FIXED, fixed(trials, best.interval));
    return new Contest(pattern, pollCost, best.interval, fixed, outcomes);
  }

  /** The cost of a way against that of the best fixed interval; null if it did not take part. */
  @Nullable Double ratio(Way way) {
    Outcome outcome = outcomes.get(way);
    Outcome best = outcomes.get(Way.BEST_FIXED);
    return outcome == null || best == null
        ? null
        : (Double) outcome.against(best, each -> each.cost(pollCost));
  }

  private static Map<Way, Outcome> outcomes(Pattern pattern, double cost, List<Trial> trials) {
    Map<Way, Outcome> outcomes = new EnumMap<>(Way.class);
    outcomes.put(Way.PLAN, sum(trials, trial -> trial.run(new Planner(cost, 1))));
    outcomes.put(Way.AIMD, sum(trials, trial -> trial.run(Rivals.aimd())));
    outcomes.put(Way.BACK_OFF, sum(trials, trial -> trial.run(Rivals.backOff())));
    outcomes.put(Way.MINUTE, fixed(trials, 60));
    outcomes.put(Way.HELD, sum(trials, Trial::held));
    outcomes.put(Way.CLAIRVOYANT, sum(trials, trial -> trial.clairvoyant(cost)));
    Pattern.Flurries known = pattern.flurries();
    if (known != null) {
      outcomes.put(Way.INFORMED, sum(trials, trial -> trial.run(new Informed(known, cost))));
    }
    return outcomes;
  }

  private static Outcome fixed(List<Trial> trials, double interval) {
    return sum(trials, trial -> trial.every(interval));
  }

  private static Outcome sum(List<Trial> trials, Function<Trial, Outcome> run) {
    return trials.stream().map(run).reduce(Outcome::and).orElseThrow();
  }
}
