package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Contest.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Contests as tables in Markdown. */
final class Report {
  private static final List<Way> COMPARED =
      List.of(
          Way.PLAN, Way.AIMD, Way.BACK_OFF, Way.MINUTE, Way.HELD, Way.INFORMED, Way.CLAIRVOYANT);

  private Report() {}

  /** Cost of each way against the best fixed interval, a line per pattern. */
  static String summary(List<Contest> contests) {
    List<String> lines = new ArrayList<>();
    lines.add("| commands | best fixed, s | " + joined(COMPARED.stream().map(Way::words).toList()));
    lines.add("| --- " + "| ---: ".repeat(COMPARED.size() + 1) + "|");
    for (Contest contest : contests) {
      List<String> cells = new ArrayList<>();
      cells.add(contest.pattern().name());
      cells.add(number(contest.bestInterval()));
      COMPARED.forEach(way -> cells.add(ratio(contest, way)));
      lines.add("| " + joined(cells));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Requests, bytes, waiting and cost of each way, a line per pattern and way. */
  static String details(List<Contest> contests) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| commands | polled by | requests a day | KB a day | mean wait, s | p95 wait, s | cost |");
    lines.add("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (Contest contest : contests) {
      String name = contest.pattern().name();
      for (Way way : Way.values()) {
        Outcome outcome = contest.outcomes().get(way);
        if (outcome != null) {
          lines.add("| " + joined(cells(name, way, outcome, contest)));
          name = "";
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> cells(String name, Way way, Outcome outcome, Contest contest) {
    return List.of(
        name,
        way.words(),
        number(outcome.pollsPerDay()),
        number(outcome.bytesPerDay() / 1_000),
        number(outcome.meanWait()),
        number(outcome.p95Wait()),
        ratio(contest, way));
  }

  private static String ratio(Contest contest, Way way) {
    Double ratio = contest.ratio(way);
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
