package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.telemetry.MetricSummary;
import io.vertx.core.Future;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Process that appends to a store until it is killed, and prints the acknowledged counts to
 * standard output. It continues after the store's contents.
 */
final class AppendingProcess {
  static final String DEVICE = "pump";
  static final long T0 = 1_780_000_000_000L;
  static final int SERIES = 20;
  private static final int WINDOW = 16;

  private final long[] next = new long[SERIES];

  private AppendingProcess() {}

  static Process start(Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Settings with a small journal and small chunks, so that all steps happen often. */
  static SqliteTelemetryStore open(Path directory) throws IOException {
    TelemetrySettings settings =
        new TelemetrySettings(Duration.ZERO, Duration.ofMillis(1), 50, 200_000, 8_000, 20_000);
    return SqliteTelemetryStore.open(directory, settings, HubClock.ofSystem());
  }

  /** Appends until killed. */
  public static void main(String[] args) throws IOException {
    new AppendingProcess().append(open(Path.of(args[0])));
  }

  private void append(SqliteTelemetryStore store) {
    for (MetricSummary metric : Results.answer(store.metrics(DEVICE))) {
      next[Integer.parseInt(metric.metric())] = metric.count();
    }
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    ArrayDeque<Future<Void>> open = new ArrayDeque<>();
    while (true) {
      open.add(appendSome(store, out));
      if (open.size() > WINDOW) {
        Results.answer(open.remove());
      }
    }
  }

  private Future<Void> appendSome(SqliteTelemetryStore store, FileOutputStream out) {
    List<Reading> readings = new ArrayList<>();
    for (int series = 0; series < SERIES; series++) {
      for (int i = 0; i < 1 + series % 3; i++) {
        long n = next[series]++;
        readings.add(new Reading("" + series, T0 + n, new Value.Num(n / 10.0)));
      }
    }
    long[] counts = next.clone();
    List<TelemetryMessage> messages = List.of(new TelemetryMessage(DEVICE, readings));
    return store
        .append(new TelemetryBatch(messages, readings.size()))
        .onSuccess(done -> print(counts, out))
        .mapEmpty();
  }

  private static void print(long[] counts, FileOutputStream out) {
    StringBuilder lines = new StringBuilder();
    for (int series = 0; series < counts.length; series++) {
      lines.append(series).append(' ').append(counts[series]).append(".\n");
    }
    try {
      out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
