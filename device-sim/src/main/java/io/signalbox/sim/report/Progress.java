package io.signalbox.sim.report;

import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Progress line: rewritten in place on a terminal, else printed every 5 s. */
public final class Progress {
  private static final long TERMINAL_MILLIS = 500;
  private static final long LOG_MILLIS = 5000;

  // A line wider than the terminal is truncated, because it could not be overwritten.
  private static final String NO_WRAP = "\033[?7l";
  private static final String WRAP = "\033[?7h";
  private static final String CLEAR_REST = "\033[K";

  private final PrintStream out;
  private final boolean terminal;
  private final RunCounters counters;
  private final LatencyHistogram latency;
  private final int devices;
  private long lastNanos = System.nanoTime();
  private long lastSent;
  private long lastAcked;
  private boolean begun;

  /** Creates a progress line for {@code devices} devices. */
  public Progress(
      PrintStream out,
      boolean terminal,
      int devices,
      RunCounters counters,
      LatencyHistogram latency) {
    this.out = out;
    this.terminal = terminal;
    this.devices = devices;
    this.counters = counters;
    this.latency = latency;
  }

  /** Prints the line if due; call several times per second from one thread. */
  public void tick() {
    long now = System.nanoTime();
    long millis = (now - lastNanos) / 1_000_000;
    if (millis < (terminal ? TERMINAL_MILLIS : LOG_MILLIS)) {
      return;
    }
    String line = line(millis / 1000.0);
    lastNanos = now;
    if (terminal) {
      out.print("\r" + NO_WRAP + line + CLEAR_REST + WRAP);
      begun = true;
    } else {
      out.println(line);
    }
    out.flush();
  }

  private String line(double seconds) {
    long sent = counters.sent.sum();
    long acked = counters.acked.sum();
    Histogram acks = latency.interval();
    String line =
        String.format(
            Locale.ROOT,
            "%d/%d online · sent %s/s · acked %s/s · unacked %d · refused %d · reconnects %d"
                + " · commands %d · ack p50 %s p99 %s",
            counters.online.sum(),
            devices,
            Math.round((sent - lastSent) / seconds),
            Math.round((acked - lastAcked) / seconds),
            counters.open.sum(),
            counters.refused.sum(),
            counters.reconnects.sum(),
            counters.commands.sum(),
            at(acks, 50),
            at(acks, 99));
    lastSent = sent;
    lastAcked = acked;
    return line;
  }

  private static String at(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0
        ? "-"
        : LatencyHistogram.brief(histogram.getValueAtPercentile(percentile));
  }

  /** Ends the line. */
  public void end() {
    if (begun) {
      out.println();
      begun = false;
    }
  }
}
