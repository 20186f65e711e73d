package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Comparison.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Comparisons as Markdown tables. */
final class MarkdownReport {
  private static final List<Strategy> COMPARED =
      List.of(
          Strategy.PLAN,
          Strategy.AIMD,
          Strategy.BACK_OFF,
          Strategy.MINUTE,
          Strategy.HELD,
          Strategy.INFORMED,
          Strategy.CLAIRVOYANT);

  private MarkdownReport() {}

  /** Cost of each strategy relative to the best fixed interval, one line per workload. */
  static String summary(List<Comparison> comparisons) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| commands | best fixed, s | " + joined(COMPARED.stream().map(Strategy::words).toList()));
    lines.add("| --- " + "| ---: ".repeat(COMPARED.size() + 1) + "|");
    for (Comparison comparison : comparisons) {
      List<String> cells = new ArrayList<>();
      cells.add(comparison.pattern().name());
      cells.add(number(comparison.bestInterval()));
      COMPARED.forEach(strategy -> cells.add(ratio(comparison, strategy)));
      lines.add("| " + joined(cells));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Requests, bytes, waiting times and cost, one line per workload and strategy. */
  static String details(List<Comparison> comparisons) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| commands | polled by | requests a day | KB a day | mean wait, s | p95 wait, s | cost |");
    lines.add("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (Comparison comparison : comparisons) {
      String name = comparison.pattern().name();
      for (Strategy strategy : Strategy.values()) {
        PollingCost outcome = comparison.outcomes().get(strategy);
        if (outcome != null) {
          lines.add("| " + joined(cells(name, strategy, outcome, comparison)));
          name = "";
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> cells(
      String name, Strategy strategy, PollingCost outcome, Comparison comparison) {
    return List.of(
        name,
        strategy.words(),
        number(outcome.pollsPerDay()),
        number(outcome.bytesPerDay() / 1_000),
        number(outcome.meanWait()),
        number(outcome.p95Wait()),
        ratio(comparison, strategy));
  }

  private static String ratio(Comparison comparison, Strategy strategy) {
    Double ratio = comparison.ratio(strategy);
    return ratio == null ? "" : String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.0f", ratio);
  }

  private static String joined(List<String> cells) {
    return String.join(" | ", cells) + " |";
  }

  private static String number(double value) {
    int digits = value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
