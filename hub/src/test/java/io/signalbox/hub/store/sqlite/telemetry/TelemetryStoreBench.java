package io.signalbox.hub.store.sqlite.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.SeriesRange;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Benchmark of the SQLite telemetry store; run it manually.
 *
 * <p>Arguments: directory, devices, metrics per device, readings per batch, readings per second (0
 * for no limit), seconds. A batch has messages with one reading each, random walks with two
 * decimals, from the devices in round-robin order.
 */
final class TelemetryStoreBench {
  private static final int WINDOW = 64;

  private final SqliteTelemetryStore store;
  private final int devices;
  private final int size;
  private final Random random = new Random(1);
  private final long[] hundredths;
  private long next;
  private long now = System.currentTimeMillis() - 86_400_000L;

  private TelemetryStoreBench(SqliteTelemetryStore store, int devices, int metrics, int size) {
    this.store = store;
    this.devices = devices;
    this.size = size;
    hundredths = new long[devices * metrics];
  }

  /** Runs one benchmark. */
  public static void main(String[] args) throws IOException, TimeoutException {
    Path directory = Path.of(args[0]);
    long start = System.nanoTime();
    SqliteTelemetryStore store =
        SqliteTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, HubClock.ofSystem());
    System.out.printf(
        "opened in %,d ms, %,d readings replayed%n",
        (System.nanoTime() - start) / 1_000_000, store.counters().replayed());
    TelemetryStoreBench bench =
        new TelemetryStoreBench(
            store, Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    int rate = Integer.parseInt(args[4]);
    int seconds = Integer.parseInt(args[5]);
    bench.run(rate, Math.min(5, seconds));
    bench.report(directory, rate, seconds);
    bench.query();
    store.close().await(60, TimeUnit.SECONDS);
    System.out.printf("on disk after the close: %,d bytes%n", bytesIn(directory));
  }

  private void report(Path directory, int rate, int seconds) throws IOException, TimeoutException {
    TelemetryCounters counters = store.counters();
    long readingsBefore = counters.readings();
    long commitsBefore = counters.commits();
    long journalBefore = counters.journalBytes();
    long chunksBefore = counters.chunkBytes();
    long cpu = processCpu();
    long writer = writerCpu();
    long start = System.nanoTime();
    List<Long> latencies = run(rate, seconds);
    double took = (System.nanoTime() - start) / 1e9;
    double readings = counters.readings() - readingsBefore;
    latencies.sort(null);
    System.out.printf(
        "%,.0f readings in %.1f s: %,.0f/s, %,d commits%n",
        readings, took, readings / took, counters.commits() - commitsBefore);
    System.out.printf(
        "CPU s per million: writer thread %.3f, whole process with the generator %.3f%n",
        (writerCpu() - writer) / 1e3 / readings, (processCpu() - cpu) / 1e3 / readings);
    System.out.printf(
        "bytes a reading: journal %.2f, chunks %.2f; files hold %,d bytes of %,d readings%n",
        (counters.journalBytes() - journalBefore) / readings,
        (counters.chunkBytes() - chunksBefore) / readings,
        bytesIn(directory),
        counters.readings());
    System.out.printf(
        "acknowledged after p50 %.2f ms, p99 %.2f ms; heap used %,d MB%n",
        latencies.get(latencies.size() / 2) / 1e6,
        latencies.get(latencies.size() * 99 / 100) / 1e6,
        (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
  }

  private List<Long> run(int rate, int seconds) throws TimeoutException {
    List<Long> latencies = new ArrayList<>();
    ArrayDeque<Future<BatchResult>> open = new ArrayDeque<>();
    long start = System.nanoTime();
    long sent = 0;
    while (System.nanoTime() - start < seconds * 1_000_000_000L) {
      long due = rate == 0 ? start : start + sent * 1_000_000_000L / rate;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      long from = System.nanoTime();
      open.add(store.append(batch()).onSuccess(done -> latencies.add(System.nanoTime() - from)));
      sent += size;
      while (open.size() > WINDOW || (!open.isEmpty() && open.peek().isComplete())) {
        open.remove().await(120, TimeUnit.SECONDS);
      }
    }
    for (Future<BatchResult> each : open) {
      each.await(120, TimeUnit.SECONDS);
    }
    return latencies;
  }

  private TelemetryBatch batch() {
    List<TelemetryMessage> messages = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int series = (int) (next++ % hundredths.length);
      if (series == 0) {
        now += 1000;
      }
      hundredths[series] += random.nextInt(21) - 10;
      Value value = new Value.Num(hundredths[series] / 100.0);
      // New strings, as a decoder creates them.
      Reading reading = new Reading(metricOf(series), now + random.nextInt(3), value);
      messages.add(new TelemetryMessage(deviceOf(series), List.of(reading)));
    }
    return new TelemetryBatch(messages, size);
  }

  private String deviceOf(int series) {
    return "device-" + series % devices;
  }

  private String metricOf(int series) {
    return "metric-" + series / devices;
  }

  private void query() throws TimeoutException {
    query("a day of a series", 86_400_000L);
    query("all of a series", now);
  }

  private void query(String what, long span) throws TimeoutException {
    long[] took = new long[200];
    for (int i = 0; i < took.length; i++) {
      int series = random.nextInt(hundredths.length);
      SeriesRange range = new SeriesRange(deviceOf(series), metricOf(series), now - span, now);
      long start = System.nanoTime();
      store.sample(range, 500, Aggregate.MINMAX).await(120, TimeUnit.SECONDS);
      took[i] = System.nanoTime() - start;
    }
    Arrays.sort(took);
    System.out.printf(
        "%s as 500 buckets: p50 %.2f ms, p95 %.2f ms%n", what, took[100] / 1e6, took[190] / 1e6);
  }

  private static long processCpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long writerCpu() {
    var threads = ManagementFactory.getThreadMXBean();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("telemetry-writer")) {
        return threads.getThreadCpuTime(thread.threadId());
      }
    }
    return 0;
  }

  private static long bytesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().contains("telemetry.db"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
