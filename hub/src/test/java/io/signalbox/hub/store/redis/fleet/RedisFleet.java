package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.bus.WorkerThreads;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.TwinStoreContract;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import io.vertx.core.Vertx;

/** The fleet's stores on a system of its own, each time as another node has them. */
final class RedisFleet implements AutoCloseable {
  private static final int EVENTS = 1_000;

  private final RedisTest redis = new RedisTest();
  private final Vertx vertx = Vertx.vertx();

  FleetStores stores() {
    RedisLink link = redis.link();
    return new FleetStores(
        new RedisDeviceStore(link, keys(), streams()),
        new RedisSessionStore(link, keys()),
        new RedisTwinStore(link, keys(), streams(), TwinStoreContract.KEPT));
  }

  RedisDescriptionStore descriptions() {
    WorkerThreads workers = new WorkerThreads();
    workers.open(vertx);
    return new RedisDescriptionStore(redis.link(), keys(), streams(), workers);
  }

  RedisKeys keys() {
    return redis.keys();
  }

  EventStreams streams() {
    return new EventStreams(keys(), "north", EVENTS);
  }

  RedisLink link() {
    return redis.link();
  }

  @Override
  public void close() {
    redis.close();
    vertx.close().await();
  }
}
