package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Comparison.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Contests as tables in Markdown. */
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

  /** Cost of each way against the best fixed interval, a line per pattern. */
  static String summary(List<Comparison> contests) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| commands | best fixed, s | " + joined(COMPARED.stream().map(Strategy::words).toList()));
    lines.add("| --- " + "| ---: ".repeat(COMPARED.size() + 1) + "|");
    for (Comparison contest : contests) {
      List<String> cells = new ArrayList<>();
      cells.add(contest.pattern().name());
      cells.add(number(contest.bestInterval()));
      COMPARED.forEach(strategy -> cells.add(ratio(contest, strategy)));
      lines.add("| " + joined(cells));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Requests, bytes, waiting and cost of each way, a line per pattern and way. */
  static String details(List<Comparison> contests) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| commands | polled by | requests a day | KB a day | mean wait, s | p95 wait, s | cost |");
    lines.add("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (Comparison contest : contests) {
      String name = contest.pattern().name();
      for (Strategy strategy : Strategy.values()) {
        PollingCost outcome = contest.outcomes().get(strategy);
        if (outcome != null) {
          lines.add("| " + joined(cells(name, strategy, outcome, contest)));
          name = "";
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> cells(
      String name, Strategy strategy, PollingCost outcome, Comparison contest) {
    return List.of(
        name,
        strategy.words(),
        number(outcome.pollsPerDay()),
        number(outcome.bytesPerDay() / 1_000),
        number(outcome.meanWait()),
        number(outcome.p95Wait()),
        ratio(contest, strategy));
  }

  private static String ratio(Comparison contest, Strategy strategy) {
    Double ratio = contest.ratio(strategy);
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
