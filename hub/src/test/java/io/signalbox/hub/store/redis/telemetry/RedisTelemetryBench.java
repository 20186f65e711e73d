package io.signalbox.hub.store.redis.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisServer;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.SeriesRange;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Benchmark of the telemetry store in Redis; run it manually.
 *
 * <p>Arguments: devices, messages per batch, readings per second (0 for no limit), seconds, yes or
 * no for the append-only file, milliseconds of the commit interval. A message has five metrics,
 * random walks with one decimal. The CPU of the generator and of the encoding of events is measured
 * before and subtracted.
 */
final class RedisTelemetryBench {
  private static final String[] METRICS = {
    "temperature", "humidity", "pressure", "battery", "signal"
  };
  private static final int WINDOW = 64;

  private final RedisServer server = RedisServer.start();
  private final RedisLink link = Results.answer(RedisLink.open(RedisTelemetry.VERTX, server.url()));
  private final RedisKeys keys = new RedisKeys("bench", 16);
  private final EventStreams streams = new EventStreams(keys, "bench", 10);
  private final RedisTelemetryStore store;
  private final int devices;
  private final int size;
  private final Random random = new Random(1);
  private final long[] tenths;
  private final double base = info("memory", "used_memory");
  private long total;
  private int next;
  private long now = System.currentTimeMillis() - 86_400_000L;

  private RedisTelemetryBench(int devices, int size, int interval) {
    RedisTelemetrySettings usual = RedisTelemetrySettings.DEFAULTS;
    RedisTelemetrySettings settings =
        new RedisTelemetrySettings(
            usual.retention(),
            Duration.ofMillis(interval),
            usual.chunkReadings(),
            usual.maxQueuedReadings(),
            usual.openBytes(),
            usual.openAge(),
            usual.maxBytes(),
            usual.checkInterval());
    store =
        Results.answer(
            RedisTelemetryStore.open(
                RedisTelemetry.VERTX, link, keys, streams, settings, HubClock.ofSystem()));
    this.devices = devices;
    this.size = size;
    tenths = new long[devices * METRICS.length];
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws TimeoutException {
    RedisTelemetryBench bench =
        new RedisTelemetryBench(
            Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[5]));
    try {
      bench.command(Request.cmd(Command.CONFIG).arg("SET").arg("appendonly").arg(args[4]));
      bench.appends(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      bench.query();
    } finally {
      bench.server.close();
      RedisTelemetry.VERTX.close().await(10, TimeUnit.SECONDS);
    }
  }

  private String command(Request request) {
    return Results.answer(link.send(request)).toString();
  }

  private double info(String section, String name) {
    String text = command(Request.cmd(Command.INFO).arg(section));
    Matcher found = Pattern.compile(name + ":([0-9.]+)").matcher(text);
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }

  private double redisCpu() {
    return info("cpu", "used_cpu_user") + info("cpu", "used_cpu_sys");
  }

  private void appends(int rate, int seconds) throws TimeoutException {
    run(0, 5);
    run(rate, 3);
    double generator = generator();
    double memory = info("memory", "used_memory");
    double redis = redisCpu();
    long cpu = processCpu();
    long start = System.nanoTime();
    long readings = run(rate, seconds);
    double took = (System.nanoTime() - start) / 1e9;
    double hub = (processCpu() - cpu) / 1e3 / readings - generator;
    System.out.printf(
        "%,d readings in %.1f s, %,.0f/s, batches of %d messages, append-only file %s%n",
        readings,
        took,
        readings / took,
        size,
        info("persistence", "aof_enabled") == 1 ? "on" : "off");
    System.out.printf(
        "CPU us a reading: Redis %.3f, hub %.3f (generator and events %.3f)%n",
        (redisCpu() - redis) * 1e6 / readings, hub, generator);
    System.out.printf(
        "memory of Redis, bytes a reading: %.2f with open strings",
        (info("memory", "used_memory") - memory) / readings);
    double before = info("memory", "used_memory");
    for (int i = 0; i < devices; i++) {
      Results.answer(store.sealer().seal("device-" + i));
    }
    System.out.printf(
        ", %,.0f bytes of them freed by sealing; all sealed %.2f of %,d%n",
        before - info("memory", "used_memory"),
        (info("memory", "used_memory") - base) / total,
        total);
  }

  /** CPU of making batches and encoding their events, in us a reading. */
  private double generator() {
    long sum = 0;
    long cpu = processCpu();
    for (int i = 0; i < 400_000 / size; i++) {
      sum += streams.encode(List.of(batch())).length;
    }
    double took = (processCpu() - cpu) / 1e3 / (400_000 / size * size * METRICS.length);
    System.out.printf("events: %d bytes a reading%n", sum / (400_000L * METRICS.length));
    return took;
  }

  private long run(int rate, int seconds) throws TimeoutException {
    ArrayDeque<Future<BatchResult>> open = new ArrayDeque<>();
    long start = System.nanoTime();
    long sent = 0;
    while (System.nanoTime() - start < seconds * 1_000_000_000L) {
      long due = rate == 0 ? start : start + sent * 1_000_000_000L / rate;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      open.add(store.append(batch()));
      sent += (long) size * METRICS.length;
      while (open.size() > WINDOW || (!open.isEmpty() && open.peek().isComplete())) {
        open.remove().await(120, TimeUnit.SECONDS);
      }
    }
    for (Future<BatchResult> each : open) {
      each.await(120, TimeUnit.SECONDS);
    }
    total += sent;
    return sent;
  }

  private TelemetryBatch batch() {
    List<TelemetryMessage> messages = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int device = next++ % devices;
      if (device == 0) {
        now += 10_000;
      }
      List<Reading> readings = new ArrayList<>(METRICS.length);
      for (int m = 0; m < METRICS.length; m++) {
        int series = device * METRICS.length + m;
        tenths[series] += random.nextInt(11) - 5;
        readings.add(
            new Reading(METRICS[m], now + device % 7, new Value.Num(tenths[series] / 10.0)));
      }
      messages.add(new TelemetryMessage("device-" + device, readings));
    }
    return new TelemetryBatch(messages, size * METRICS.length);
  }

  private void query() throws TimeoutException {
    for (String device : List.of("day", "day-open")) {
      for (int i = 0; i < 8_640; i += 60) {
        List<TelemetryMessage> messages = new ArrayList<>();
        for (int k = i; k < i + 60; k++) {
          messages.add(
              new TelemetryMessage(
                  device, List.of(new Reading("t", k * 10_000L, new Value.Num(k % 97 / 10.0)))));
        }
        store.append(new TelemetryBatch(messages, 60)).await(120, TimeUnit.SECONDS);
      }
    }
    Results.answer(store.sealer().seal("day"));
    query("day", "t", 0, 86_400_000L);
    query("day-open", "t", 0, 86_400_000L);
    query("device-1", "battery", now - 86_400_000L, now);
  }

  private void query(String device, String metric, long from, long to) throws TimeoutException {
    long[] took = new long[500];
    SeriesRange range = new SeriesRange(device, metric, from, to);
    for (int i = 0; i < took.length; i++) {
      long start = System.nanoTime();
      store.sample(range, 500, Aggregate.MINMAX).await(120, TimeUnit.SECONDS);
      took[i] = System.nanoTime() - start;
    }
    Arrays.sort(took);
    System.out.printf(
        "a day of %s %s as 500 buckets: p50 %.2f ms, p95 %.2f ms%n",
        device, metric, took[250] / 1e6, took[475] / 1e6);
  }

  private static long processCpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
