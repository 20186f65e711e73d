package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceQuery.Sort;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Memory, time and CPU of Redis that devices cost: registers a fleet with names, types and labels
 * on a Redis of its own, and reads it. A program, not a test.
 */
public final class RedisDeviceStoreBench {
  private static final int CHUNK = 500;

  private final RedisLink link;
  private final RedisKeys keys;
  private final DeviceStore store;
  private final int devices;

  private RedisDeviceStoreBench(RedisLink link, int devices) {
    this.link = link;
    this.keys = new RedisKeys("signalbox", 16);
    this.store = new RedisDeviceStore(link, keys, new EventStreams(keys, "north", 1));
    this.devices = devices;
  }

  /** Arguments: the number of devices, 100000 if there is none. */
  public static void main(String[] args) {
    Vertx vertx = Vertx.vertx();
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = RedisLink.open(vertx, server.url()).await();
      new RedisDeviceStoreBench(link, args.length == 0 ? 100_000 : Integer.parseInt(args[0])).run();
      link.close().await();
    }
    vertx.close().await();
  }

  private void run() {
    double before = info("memory", "used_memory");
    measure("registration", devices, this::register);
    print("memory per device, bytes", (info("memory", "used_memory") - before) / devices);
    for (String key : new String[] {keys.of("pump-00077", "device"), sampleKey()}) {
      print("  " + key, usage(key));
    }
    for (String kind : new String[] {"devices", "names", "created"}) {
      print("  " + kind + ", per device", usage(keys.in(3, kind)) * keys.partitions() / devices);
    }
    for (Sort sort : Sort.values()) {
      repeat("page of 100 by " + sort, 100, () -> store.list(query(null, sort, Map.of(), null)));
    }
    repeat("next page by NAME", 100, this::nextPage);
    repeat("label, 10 hits", 3, () -> store.list(query(null, Sort.ID, Map.of("n", "7"), null)));
    repeat("text, 10 hits", 3, () -> store.list(query("n:77", Sort.ID, Map.of(), null)));
    repeat(
        "online, no hit",
        3,
        () -> store.list(query(null, Sort.ID, Map.of(), Presence.State.ONLINE)));
    repeat("find", 1_000, () -> store.find("pump-00077"));
    repeat("findByKey", 1_000, () -> store.findByKey(FleetStores.keyOf("pump-00077")));
  }

  private String sampleKey() {
    return keys.of(DeviceHash.text(FleetStores.keyOf("pump-00077")), "key");
  }

  private static DeviceQuery query(
      @Nullable String text,
      Sort sort,
      Map<String, String> labels,
      Presence.@Nullable State state) {
    return new DeviceQuery(text, null, labels, state, sort, false, null, 100);
  }

  private Future<Page<Device>> nextPage() {
    return store
        .list(query(null, Sort.NAME, Map.of(), null))
        .compose(
            page ->
                store.list(
                    new DeviceQuery(
                        null, null, Map.of(), null, Sort.NAME, false, page.next(), 100)));
  }

  private Future<?> register() {
    for (int first = 0; first < devices; first += CHUNK) {
      store
          .insert(
              IntStream.range(first, Math.min(devices, first + CHUNK))
                  .mapToObj(i -> FleetStores.entry(device(i)))
                  .toList(),
              done -> {})
          .await();
    }
    return Future.succeededFuture();
  }

  private Device device(int i) {
    return new Device(
        String.format(Locale.ROOT, "pump-%05d", i),
        "Pump " + i + " in the north",
        "pump-k" + i % 20,
        Map.of("site", "ghent-" + i % 50, "n", String.valueOf(i % (devices / 10))),
        true,
        1_764_000_000_000L + i);
  }

  private void repeat(String what, int times, Supplier<Future<?>> call) {
    call.get().await();
    measure(
        what,
        times,
        () -> {
          for (int i = 0; i < times; i++) {
            call.get().await();
          }
          return Future.succeededFuture();
        });
  }

  private void measure(String what, int times, Supplier<Future<?>> work) {
    double cpu = cpu();
    long start = System.nanoTime();
    work.get().await();
    double time = (System.nanoTime() - start) / 1e3;
    print(what + ", us", time / times);
    print("  CPU of Redis, us", (cpu() - cpu) * 1e6 / times);
  }

  private double cpu() {
    return info("cpu", "used_cpu_user") + info("cpu", "used_cpu_sys");
  }

  private double info(String section, String field) {
    String text = link.send(Request.cmd(Command.INFO).arg(section)).await().toString();
    Matcher value = Pattern.compile("(?m)^(?:# .*)?" + field + ":([0-9.]+)").matcher(text);
    if (!value.find()) {
      throw new IllegalStateException("no " + field + " in " + text);
    }
    return Double.parseDouble(value.group(1));
  }

  private double usage(String key) {
    Request usage = Request.cmd(Command.MEMORY).arg("USAGE").arg(key).arg("SAMPLES").arg(0);
    return link.send(usage).await().toDouble();
  }

  private static void print(String what, double value) {
    System.out.printf(Locale.ROOT, "%-60s %12.1f%n", what, value);
  }
}
