package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Telemetry stores of nodes of one system on Redis. */
final class RedisTelemetry implements AutoCloseable {
  static final Vertx VERTX = Vertx.vertx();

  /** Settings with which readings move to chunks often. */
  static final RedisTelemetrySettings TINY =
      new RedisTelemetrySettings(
          Duration.ZERO,
          Duration.ZERO,
          8,
          200_000,
          100,
          Duration.ofMinutes(30),
          0,
          Duration.ofHours(1));

  private final RedisTest redis = new RedisTest();
  private final AtomicInteger nodes = new AtomicInteger();

  RedisKeys keys() {
    return redis.keys();
  }

  RedisLink link() {
    return redis.link();
  }

  /** The store of another node. */
  RedisTelemetryStore open(RedisTelemetrySettings settings, HubClock clock) {
    return open(redis.link(), redis.keys(), settings, clock, "node-" + nodes.incrementAndGet());
  }

  static RedisTelemetryStore open(
      RedisLink link,
      RedisKeys keys,
      RedisTelemetrySettings settings,
      HubClock clock,
      String node) {
    EventStreams streams = new EventStreams(keys, node, 1_000);
    return Results.answer(RedisTelemetryStore.open(VERTX, link, keys, streams, settings, clock));
  }

  @Override
  public void close() {
    redis.close();
  }
}
