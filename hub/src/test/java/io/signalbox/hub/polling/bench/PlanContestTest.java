package io.signalbox.hub.polling.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.polling.bench.Contest.Way;
import io.signalbox.hub.polling.bench.Pattern.Kind;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the plan promises, on a few seeds: docs/polling-plan.md has the figures. */
class PlanContestTest {
  private static final int SEEDS = 1;

  @ParameterizedTest
  @ValueSource(doubles = {1, 10})
  void steady_commands_cost_at_most_15_percent_more_than_the_best_interval_in_hindsight(
      double cost) {
    assertThat(ratios(Kind.STEADY, cost)).allSatisfy(ratio -> assertThat(ratio).isLessThan(1.15));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 10})
  void flurries_cost_clearly_less_than_at_any_interval(double cost) {
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
  void little_is_left_to_gain_by_knowing_the_process() {
    assertThat(
            contests(Kind.BURSTY, 1)
                .mapToDouble(contest -> ratio(contest, Way.PLAN) / ratio(contest, Way.INFORMED))
                .average()
                .orElseThrow())
        .isLessThan(1.12);
  }

  @Test
  void nobody_is_better_than_who_knows_every_command() {
    Contest contest = Contest.of(Patterns.all().get(1), 10, 1);

    for (Way way : contest.outcomes().keySet()) {
      // A held poll costs nothing while it waits: by this measure it may be better.
      if (way != Way.HELD) {
        assertThat(ratio(contest, way)).isGreaterThanOrEqualTo(ratio(contest, Way.CLAIRVOYANT));
      }
    }
  }

  private static List<Double> ratios(Kind kind, double cost) {
    return contests(kind, cost).map(contest -> ratio(contest, Way.PLAN)).toList();
  }

  private static Stream<Contest> contests(Kind kind, double cost) {
    return Patterns.all().stream()
        .filter(pattern -> pattern.kind() == kind)
        .map(pattern -> Contest.of(pattern, cost, SEEDS));
  }

  private static double ratio(Contest contest, Way way) {
    return Objects.requireNonNull(contest.ratio(way));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
