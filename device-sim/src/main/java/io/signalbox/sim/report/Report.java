package io.signalbox.sim.report;

import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What is told when a run is over. */
public final class Report {
  private final PrintStream out;

  /** A report that is printed to {@code out}. */
  public Report(PrintStream out) {
    this.out = out;
  }

  /** The counts of a run that took so long; lines about trouble only where there was some. */
  public void counts(Tally tally, double seconds) {
    long acked = tally.acked.sum();
    line(
        "readings",
        tally.sent
            + " sent, "
            + acked
            + " acknowledged ("
            + Math.round(acked / seconds)
            + "/s), "
            + tally.refused
            + " refused, "
            + tally.unacked
            + " never acknowledged");
    line(
        "messages",
        tally.messages
            + " sent, "
            + tally.again
            + " of them again, "
            + tally.putOff
            + " put off by the hub");
    line(
        "sessions",
        tally.reconnects
            + " reconnects, "
            + tally.stopped
            + " devices stopped, "
            + tally.commands
            + " commands");
    if (tally.tooLate.sum() + tally.inVain.sum() > 0) {
      line(
          "too late",
          tally.tooLate
              + " commands when they came, "
              + tally.inVain
              + " answers to commands over");
    }
    if (tally.dropped.sum() > 0) {
      line("dropped", tally.dropped + " readings, because the window was full");
    }
    if (tally.strange.sum() > 0) {
      line("strange", tally.strange + " frames that break the protocol");
    }
    if (!tally.lastTrouble().isEmpty()) {
      line("last trouble", tally.lastTrouble());
    }
  }

  /** The percentiles of a latency; nothing if none was measured. */
  public void latency(String name, Histogram histogram) {
    latency(name, histogram, "");
  }

  /** The percentiles of a latency, with a word about it; nothing if none was measured. */
  public void latency(String name, Histogram histogram, String remark) {
    if (histogram.getTotalCount() > 0) {
      line(name, (Latency.percentiles(histogram) + "  " + remark).strip());
    }
  }

  /** The verdict of a verification. */
  public void verdict(Findings findings) {
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
