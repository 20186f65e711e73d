package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.store.CommandRevisionContract;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import org.junit.jupiter.api.AfterEach;

class RedisCommandStoreTest extends CommandRevisionContract {
  private final RedisTest redis = new RedisTest();
  private final RedisLink link = redis.link();
  private final RedisFleetDevices devices = new RedisFleetDevices(link, redis.keys());

  @Override
  protected CommandStore open() {
    return openSecond();
  }

  @Override
  protected CommandStore openSecond() {
    EventStreams events = new EventStreams(redis.keys(), "node", 1_000);
    return new RedisCommandStore(redis.link(), redis.keys(), events);
  }

  /** The server keeps what it has acknowledged: the next store has new connections. */
  @Override
  protected void kill() {}

  @Override
  protected void register(String device) {
    devices.register(device);
  }

  @Override
  protected void delete(String device) {
    devices.delete(device);
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
