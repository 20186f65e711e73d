package io.signalbox.sim.report;

import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What is told when a run is over. */
public final class RunReport {
  private final PrintStream out;

  /** A report that is printed to {@code out}. */
  public RunReport(PrintStream out) {
    this.out = out;
  }

  /** The counts of a run that took so long; lines about trouble only where there was some. */
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
            + " of them again, "
            + counters.putOff
            + " put off by the hub");
    line(
        "sessions",
        counters.reconnects
            + " reconnects, "
            + counters.stopped
            + " devices stopped, "
            + counters.commands
            + " commands");
    if (counters.tooLate.sum() + counters.inVain.sum() > 0) {
      line(
          "too late",
          counters.tooLate
              + " commands when they came, "
              + counters.inVain
              + " answers to commands over");
    }
    if (counters.dropped.sum() > 0) {
      line("dropped", counters.dropped + " readings, because the window was full");
    }
    if (counters.strange.sum() > 0) {
      line("strange", counters.strange + " frames that break the protocol");
    }
    if (!counters.lastTrouble().isEmpty()) {
      line("last trouble", counters.lastTrouble());
    }
  }

  /** The percentiles of a latency; nothing if none was measured. */
  public void latency(String name, Histogram histogram) {
    latency(name, histogram, "");
  }

  /** The percentiles of a latency, with a word about it; nothing if none was measured. */
  public void latency(String name, Histogram histogram, String remark) {
    if (histogram.getTotalCount() > 0) {
      line(name, (LatencyHistogram.percentiles(histogram) + "  " + remark).strip());
    }
  }

  /** The verdict of a verification. */
  public void verdict(VerificationResult findings) {
    findings.verdict().forEach(out::println);
    out.flush();
  }

  /** One line in words. */
  public void say(String words) {
    out.println(words);
    out.flush();
  }

  /** One line with a name before it. */
  public void line(String name, String words) {
    out.println(String.format(Locale.ROOT, "%-14s %s", name, words));
  }
}
