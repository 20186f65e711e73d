package io.signalbox.hub.command;

import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import io.signalbox.hub.store.redis.command.RedisCommandStore;
import io.signalbox.hub.store.redis.command.RedisFleetDevices;

/** The keys of the hub in Redis. */
final class RedisCommandDisk implements CommandDisk, AutoCloseable {
  private final RedisTest redis = new RedisTest();
  private final RedisLink link = redis.link();
  private final RedisFleetDevices devices = new RedisFleetDevices(link, redis.keys());

  @Override
  public CommandStore commands() {
    return new RedisCommandStore(link, redis.keys(), new EventStreams(redis.keys(), "node", 100));
  }

  @Override
  public void register(String device) {
    devices.register(device);
  }

  @Override
  public void delete(String device) {
    devices.delete(device);
  }

  @Override
  public void close() {
    redis.close();
  }
}
