package io.signalbox.sim;

import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import io.signalbox.sim.report.LatencyHistogram;
import io.signalbox.sim.report.RunReport;
import java.util.Locale;
import java.util.Map;

/** Prints the traffic of each transport, in total and per device and hour. */
record TrafficReport(RunReport report) {
  private static final double MILLIS_IN_AN_HOUR = 3_600_000;

  void printReport(TrafficMetrics traffic, Map<TransportKind, LatencyHistogram> commandLatency) {
    for (TransportKind transport : TransportKind.values()) {
      TrafficMetrics.Counts counts = traffic.of(transport);
      if (counts.bytesUp.sum() > 0) {
        printReport(transport, counts);
      }
      LatencyHistogram latency = commandLatency.get(transport);
      if (latency != null) {
        report.latency("create to start", latency.whole(), "by " + transport.label());
      }
    }
  }

  private void printReport(TransportKind transport, TrafficMetrics.Counts counts) {
    report.line(
        transport.label(),
        counts.requests
            + " requests, "
            + counts.polls
            + " polls ("
            + counts.emptyPolls
            + " empty), "
            + counts.wakeUps
            + " wake-ups, "
            + bytes((double) counts.bytesUp.sum())
            + " up, "
            + bytes((double) counts.bytesDown.sum())
            + " down");
    double hours = counts.millis.sum() / MILLIS_IN_AN_HOUR;
    if (hours > 0) {
      report.line("  per dev. hour", perHour(counts, hours));
    }
  }

  private static String perHour(TrafficMetrics.Counts counts, double hours) {
    return Math.round(counts.requests.sum() / hours)
        + " requests, "
        + Math.round(counts.polls.sum() / hours)
        + " polls ("
        + Math.round(counts.emptyPolls.sum() / hours)
        + " empty), "
        + Math.round(counts.wakeUps.sum() / hours)
        + " wake-ups, "
        + bytes(counts.bytesUp.sum() / hours)
        + " up, "
        + bytes(counts.bytesDown.sum() / hours)
        + " down";
  }

  private static String bytes(double count) {
    String[] units = {"bytes", "KB", "MB", "GB"};
    int unit = 0;
    double number = count;
    while (number >= 1000 && unit < units.length - 1) {
      number /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", number, units[unit]);
  }
}
