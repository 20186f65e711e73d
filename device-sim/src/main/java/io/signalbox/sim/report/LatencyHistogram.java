package io.signalbox.sim.report;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Latency histogram over all event loops. Each loop writes its own recorder, one thread reads them.
 */
public final class LatencyHistogram {
  private static final long LONGEST_MICROS = 3_600_000_000L;
  private static final int DIGITS = 3;

  private final List<SingleWriterRecorder> recorders = new CopyOnWriteArrayList<>();
  private final Histogram whole = new Histogram(LONGEST_MICROS, DIGITS);

  /** Adds a recorder for an event loop, in microseconds. */
  public SingleWriterRecorder recorder() {
    SingleWriterRecorder recorder = new SingleWriterRecorder(LONGEST_MICROS, DIGITS);
    recorders.add(recorder);
    return recorder;
  }

  /** Records a duration, clamped to the histogram's range. */
  public static void record(SingleWriterRecorder recorder, long nanos) {
    recorder.recordValue(Math.clamp(nanos / 1000, 0, LONGEST_MICROS));
  }

  /** The values since the last call. */
  public synchronized Histogram interval() {
    Histogram interval = new Histogram(LONGEST_MICROS, DIGITS);
    recorders.forEach(recorder -> interval.add(recorder.getIntervalHistogram()));
    whole.add(interval);
    return interval;
  }

  /** All values. */
  public synchronized Histogram whole() {
    interval();
    return whole.copy();
  }

  /** {@code p50 1.2 ms, p90 …}, or a dash if empty. */
  public static String percentiles(Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      return "-";
    }
    StringBuilder text = new StringBuilder();
    DoubleStream.of(50, 90, 99, 99.9)
        .forEach(p -> text.append(name(p)).append(millis(histogram.getValueAtPercentile(p))));
    return text.append("max ").append(millis(histogram.getMaxValue())).toString().strip();
  }

  private static String name(double percentile) {
    return (percentile == 99.9 ? "p99.9" : "p" + (int) percentile) + " ";
  }

  /** {@code 1.25 ms }, with trailing blanks as a separator. */
  private static String millis(long micros) {
    return brief(micros) + "  ";
  }

  /** A duration in milliseconds with three significant digits. */
  public static String brief(long micros) {
    double millis = micros / 1000.0;
    String format = millis < 10 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%.0f ms";
    return String.format(Locale.ROOT, format, millis);
  }
}
