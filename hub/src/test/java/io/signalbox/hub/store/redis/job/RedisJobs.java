package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.store.JobStoreFixture.Stores;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import io.signalbox.hub.store.redis.command.RedisCommandStore;
import io.signalbox.hub.store.redis.fleet.RedisDeviceStore;
import org.jspecify.annotations.Nullable;

/** Jobs, commands and devices on one Redis, as nodes have them that can be killed. */
final class RedisJobs {
  private final RedisTest redis = new RedisTest();
  private @Nullable RedisLink first;

  Stores open() {
    RedisLink link = redis.link();
    first = link;
    return stores(link, "first");
  }

  /** The stores of another node. */
  Stores openSecond() {
    return stores(redis.link(), "second");
  }

  /** Ends the connection of the first node, whatever is under way. */
  void kill() {
    if (first != null) {
      first.close();
    }
  }

  private Stores stores(RedisLink link, String node) {
    EventStreams events = new EventStreams(redis.keys(), node, 1_000);
    return new Stores(
        new RedisJobStore(link, redis.keys()),
        new RedisCommandStore(link, redis.keys(), events),
        new RedisDeviceStore(link, redis.keys(), events));
  }

  void close() {
    redis.close();
  }
}
