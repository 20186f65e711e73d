package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A system on the shared Redis, with keys of its own, and links as several nodes have them. */
public final class RedisTest implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();
  private static final int PARTITIONS = 4;

  private final RedisKeys keys = new RedisKeys("test-" + UUID.randomUUID(), PARTITIONS);
  private final List<RedisLink> links = new ArrayList<>();

  /** The names of this system's keys. */
  public RedisKeys keys() {
    return keys;
  }

  /** Another link, as another node has it. */
  public RedisLink link() {
    RedisLink link = answer(RedisLink.open(VERTX, RedisServer.shared().settings()));
    links.add(link);
    return link;
  }

  @Override
  public void close() {
    links.forEach(link -> answer(link.close()));
  }
}
