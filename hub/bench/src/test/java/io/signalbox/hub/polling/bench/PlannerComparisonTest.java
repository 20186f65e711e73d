package io.signalbox.hub.polling.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.polling.bench.Comparison.Strategy;
import io.signalbox.hub.polling.bench.Workload.Kind;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The planner's guarantees, on a few seeds; docs/polling-plan.md has the figures. */
class PlannerComparisonTest {
  private static final int SEEDS = 1;

  @ParameterizedTest
  @ValueSource(doubles = {1, 10})
  void steady_commands_cost_at_most_15_percent_more_than_the_best_interval_in_hindsight(
      double cost) {
    assertThat(ratios(Kind.STEADY, cost)).allSatisfy(ratio -> assertThat(ratio).isLessThan(1.15));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 10})
  void bursts_cost_clearly_less_than_any_fixed_interval(double cost) {
    List<Double> ratios = ratios(Kind.BURSTY, cost);

    assertThat(ratios).allSatisfy(ratio -> assertThat(ratio).isLessThan(0.98));
    assertThat(mean(ratios)).isLessThan(0.8);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 10})
  void office_hours_cost_less_than_any_interval(double cost) {
    assertThat(ratios(Kind.OTHER, cost)).allSatisfy(ratio -> assertThat(ratio).isLessThan(1));
  }

  @Test
  void an_oracle_gains_little_over_the_planner() {
    assertThat(
            contests(Kind.BURSTY, 1)
                .mapToDouble(
                    contest -> ratio(contest, Strategy.PLAN) / ratio(contest, Strategy.INFORMED))
                .average()
                .orElseThrow())
        .isLessThan(1.12);
  }

  @Test
  void no_strategy_beats_the_oracle() {
    Comparison contest = Comparison.of(Workloads.all().get(1), 10, 1);

    for (Strategy strategy : contest.outcomes().keySet()) {
      // A long poll costs nothing while it waits, so it can be better by this measure.
      if (strategy != Strategy.HELD) {
        assertThat(ratio(contest, strategy))
            .isGreaterThanOrEqualTo(ratio(contest, Strategy.CLAIRVOYANT));
      }
    }
  }

  private static List<Double> ratios(Kind kind, double cost) {
    return contests(kind, cost).map(contest -> ratio(contest, Strategy.PLAN)).toList();
  }

  private static Stream<Comparison> contests(Kind kind, double cost) {
    return Workloads.all().stream()
        .filter(pattern -> pattern.kind() == kind)
        .map(pattern -> Comparison.of(pattern, cost, SEEDS));
  }

  private static double ratio(Comparison contest, Strategy strategy) {
    return Objects.requireNonNull(contest.ratio(strategy));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
