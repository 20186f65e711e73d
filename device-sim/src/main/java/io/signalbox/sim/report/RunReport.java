package io.signalbox.sim.report;

import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Report printed at the end of a run. */
public final class RunReport {
  private final PrintStream out;

  /** Creates a report that prints to {@code out}. */
  public RunReport(PrintStream out) {
    this.out = out;
  }

  /** Prints the counters; lines about problems only if there were any. */
  public void counts(RunCounters counters, double seconds) {
    long acked = counters.acked.sum();
    line(
        "readings",
        counters.sent
            + " sent, "
            + acked
            + " acknowledged ("
            + Math.round(acked / seconds)
            + "/s), "
            + counters.refused
            + " refused, "
            + counters.unacked
            + " never acknowledged");
    line(
        "messages",
        counters.messages
            + " sent, "
            + counters.again
            + " of them repeated, "
            + counters.deferred
            + " deferred by the hub");
    line(
        "sessions",
        counters.reconnects
            + " reconnects, "
            + counters.stopped
            + " devices stopped, "
            + counters.commands
            + " commands");
    if (counters.expired.sum() + counters.lateResults.sum() > 0) {
      line(
          "expired",
          counters.expired
              + " commands received after expiry, "
              + counters.lateResults
              + " results for ended commands");
    }
    if (counters.dropped.sum() > 0) {
      line("dropped", counters.dropped + " readings, because the window was full");
    }
    if (counters.protocolErrors.sum() > 0) {
      line("invalid", counters.protocolErrors + " frames violated the protocol");
    }
    if (!counters.lastProblem().isEmpty()) {
      line("last problem", counters.lastProblem());
    }
  }

  /** Prints the percentiles of a latency; nothing if empty. */
  public void latency(String name, Histogram histogram) {
    latency(name, histogram, "");
  }

  /** Prints the percentiles of a latency with a remark; nothing if empty. */
  public void latency(String name, Histogram histogram, String remark) {
    if (histogram.getTotalCount() > 0) {
      line(name, (LatencyHistogram.percentiles(histogram) + "  " + remark).strip());
    }
  }

  /** Prints the result of a verification. */
  public void verdict(VerificationResult findings) {
    findings.verdict().forEach(out::println);
    out.flush();
  }

  /** Prints one line. */
  public void print(String text) {
    out.println(text);
    out.flush();
  }

  /** Prints one line with a label. */
  public void line(String name, String text) {
    out.println(String.format(Locale.ROOT, "%-15s %s", name, text));
  }
}
