package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.telemetry.OpenReadings.Arrived;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals open strings: reads one, encodes its readings with the series' tails as chunks, and writes
 * these in one script, if the string still begins with the token that was read. Each seal, deletion
 * and pruning changes the token, so of several nodes that seal at the same time one succeeds, and a
 * node that dies in between has changed nothing.
 *
 * <p>Threading: any thread.
 */
final class DeviceSealer {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSealer.class);
  private static final RedisScript SEAL = RedisScript.of(DeviceSealer.class, "seal.lua");

  /** Memory of Redis for a full chunk beside its head and body. */
  static final int CHUNK_OVERHEAD = 200;

  private static final int MOST_RUNNING = 4;
  private static final int MOST_WAITING = 100_000;

  private final RedisLink link;
  private final TelemetryKeys keys;
  private final int chunkReadings;
  private final WallClock clock;
  private final Vertx vertx;
  private final Set<String> waiting = new LinkedHashSet<>(); // guarded by this
  private final Set<String> running = new HashSet<>(); // guarded by this
  private final Promise<Void> ended = Promise.promise();
  private boolean closed; // guarded by this

  DeviceSealer(
      RedisLink link, TelemetryKeys keys, int chunkReadings, WallClock clock, Vertx vertx) {
    this.link = link;
    this.keys = keys;
    this.chunkReadings = chunkReadings;
    this.clock = clock;
    this.vertx = vertx;
  }

  /**
   * An open string as it was read, and what follows from it.
   *
   * @param token with which the string began
   * @param length bytes that the seal takes
   */
  record Prepared(String device, long token, int length, Set<String> metrics, SeriesSeal seal) {}

  /** Seals the device's open string soon, unless too many wait: the next append asks again. */
  void offer(String device) {
    synchronized (this) {
      if (!closed && waiting.size() < MOST_WAITING && !running.contains(device)) {
        waiting.add(device);
      }
    }
    next();
  }

  private void next() {
    String device;
    synchronized (this) {
      if (waiting.isEmpty() || running.size() >= MOST_RUNNING) {
        return;
      }
      device = waiting.iterator().next();
      waiting.remove(device);
      running.add(device);
    }
    seal(device).onComplete(done -> ended(device, done.cause()));
  }

  private void ended(String device, @Nullable Throwable failure) {
    synchronized (this) {
      running.remove(device);
    }
    if (failure instanceof Refusal) {
      LOG.debug("Device {} is sealed later: {}", device, failure.getMessage());
    } else if (failure != null) {
      LOG.warn("Readings of device {} are not in chunks yet: {}", device, failure.getMessage());
    }
    next();
    endIfIdle();
  }

  private void endIfIdle() {
    boolean idle;
    synchronized (this) {
      idle = closed && running.isEmpty();
    }
    if (idle) {
      ended.tryComplete();
    }
  }

  /** Drops what waits; succeeds when the seals that run have ended. */
  Future<Void> close() {
    synchronized (this) {
      closed = true;
      waiting.clear();
    }
    endIfIdle();
    return ended.future();
  }

  /** Seals the device's open string; false if there is none or another node was faster. */
  Future<Boolean> seal(String device) {
    return prepare(device)
        .compose(prepared -> prepared == null ? Future.succeededFuture(false) : write(prepared));
  }

  /** Reads an open string and encodes its readings; null if there is none. */
  Future<@Nullable Prepared> prepare(String device) {
    return link.send(Request.cmd(Command.GET).arg(keys.open(device)))
        .compose(
            open -> open == null ? Future.succeededFuture(null) : prepare(device, open.toBytes()));
  }

  private Future<@Nullable Prepared> prepare(String device, byte[] open) {
    return vertx
        .executeBlocking(() -> OpenReadings.of(open).byMetric(), false)
        .compose(
            readings ->
                link.sendAll(stored(device, readings.keySet()))
                    .compose(
                        stored ->
                            vertx.executeBlocking(
                                () -> encode(device, open, readings, stored), false)));
  }

  private List<Request> stored(String device, Set<String> metrics) {
    Request series = Request.cmd(Command.HMGET).arg(keys.series(device)).arg("i");
    Request tails = Request.cmd(Command.HMGET).arg(keys.tails(device));
    for (String metric : metrics) {
      series.arg("s" + metric);
      tails.arg("m" + metric).arg("l" + metric);
    }
    return List.of(series, tails);
  }

  private Prepared encode(
      String device, byte[] open, Map<String, List<Arrived>> readings, List<Response> stored) {
    Response series = stored.get(0);
    Response tails = stored.get(1);
    Response id = series.get(0);
    SeriesSeal seal = new SeriesSeal(chunkReadings, id == null ? 0 : id.toLong());
    int i = 0;
    for (Map.Entry<String, List<Arrived>> each : readings.entrySet()) {
      String metric = each.getKey();
      SeriesState state = SeriesState.decode(metric, bytes(series.get(i + 1)));
      byte[] main = bytes(tails.get(2 * i));
      byte[] late = bytes(tails.get(2 * i + 1));
      seal.add(metric, OpenSeries.of(metric, state, main, late, each.getValue()));
      i++;
    }
    long token = ByteBuffer.wrap(open).getLong();
    return new Prepared(device, token, open.length, readings.keySet(), seal);
  }

  private static byte @Nullable [] bytes(@Nullable Response response) {
    return response == null ? null : response.toBytes();
  }

  /** Writes the chunks; false if the open string has changed otherwise than at its end. */
  Future<Boolean> write(Prepared prepared) {
    List<Object> args = new ArrayList<>(6 + prepared.seal().args().size());
    args.add(prepared.token());
    args.add(prepared.length());
    args.add(clock.wallMillis());
    args.add(prepared.device());
    args.add(prepared.seal().lastId());
    args.add(CHUNK_OVERHEAD);
    args.addAll(prepared.seal().args());
    List<String> names = keys.ofSeries(prepared.device(), prepared.metrics());
    return link.run(SEAL, names, args.toArray()).map(written -> written.toLong() == 1);
  }
}
