package io.signalbox.hub.polling.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.signalbox.hub.polling.bench.Workload.Bursts;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** Tests of the benchmark itself. */
class SimulationTest {
  @TempDir Path scratch;

  @Test
  void the_optimal_schedule_equals_exhaustive_search() {
    for (int seed = 0; seed < 50; seed++) {
      Random chance = new Random(seed);
      double[] commands = chance.doubles(10, 0, 20).sorted().toArray();
      Simulation trial = new Simulation(20, commands);

      assertThat(trial.clairvoyant(3).cost(3)).isCloseTo(cheapest(commands, 3) / 20, within(1e-9));
    }
  }

  @Test
  void the_closed_form_of_a_fixed_interval_equals_its_simulation() {
    Simulation trial =
        new Simulation(10_000, new Random(1).doubles(100, 0, 10_000).sorted().toArray());
    PollingCost walked =
        trial.run(
            new PollStrategy() {
              @Override
              public void recordArrival(double at) {}

              @Override
              public double next(double now) {
                return 40;
              }
            });

    assertThat(trial.every(40).polls()).isEqualTo(walked.polls());
    assertThat(trial.every(40).meanWait()).isCloseTo(walked.meanWait(), within(1e-6));
  }

  @Test
  void workloads_have_the_rates_of_their_names() {
    double day = 86_400;
    Workload poisson = Workload.poisson("1 min", 60);
    Workload hawkes = Workload.hawkes("flurries", new Bursts(1 / 3_600.0, 0.8, 30));

    assertThat(poisson.commands().apply(new Random(1)).length / poisson.seconds() * day)
        .isBetween(1_350.0, 1_530.0);
    assertThat(hawkes.commands().apply(new Random(1)).length / hawkes.seconds() * day)
        .isBetween(100.0, 140.0);
  }

  @Test
  void a_recording_is_read_by_its_first_column_in_all_time_formats() throws IOException {
    Path file =
        Files.write(
            scratch.resolve("events.csv"),
            List.of(
                "timestamp,value",
                "2026-01-01 00:00:00,3",
                "1767225660000,1",
                "2026-01-01T00:02:00Z"));
    double[] commands = RecordedArrivals.of(file).commands().apply(new Random(1));

    assertThat(commands).hasSize(3);
    assertThat(commands[1] - commands[0]).isEqualTo(60);
    assertThat(commands[2] - commands[1]).isEqualTo(60);
    assertThatThrownBy(
            () -> RecordedArrivals.of(Files.writeString(scratch.resolve("none"), "nothing\n")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void the_report_has_a_line_per_workload_and_the_plot_is_well_formed() throws Exception {
    Comparison contest = Comparison.of(Workload.poisson("a < b & c", 600), 1, 1);

    assertThat(MarkdownReport.summary(List.of(contest))).hasLineCount(3);
    assertThat(MarkdownReport.details(List.of(contest)))
        .contains("| the plan |", "| clairvoyant |");
    String svg = SvgChart.of(List.of(contest, contest));
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getElementsByTagName("polyline")
                .getLength())
        .isEqualTo(2);
  }

  /** Tries every set of polls, each at a command. */
  private static double cheapest(double[] commands, double pollCost) {
    double least = Double.MAX_VALUE;
    int last = commands.length - 1;
    for (int polled = 1 << last; polled < 1 << commands.length; polled++) {
      double cost = Integer.bitCount(polled) * pollCost;
      double next = commands[last];
      for (int each = last; each >= 0; each--) {
        next = (polled >> each & 1) == 1 ? commands[each] : next;
        cost += next - commands[each];
      }
      least = Math.min(least, cost);
    }
    return least;
  }
}
