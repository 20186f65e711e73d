package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A system on the shared Redis, with keys of its own, and links as several nodes have them. */
public final class RedisTest implements AutoCloseable {
  private static final Vertx VERTX = Vertx.vertx();
  private static final int PARTITIONS = 4;
  private static final int MAX_ENTRIES = 1_000;

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

  /** The streams as a node writes to them. */
  public EventStreams streams(String node) {
    return new EventStreams(keys, node, MAX_ENTRIES);
  }

  /**
   * An entry of a stream.
   *
   * @param node name of the node that wrote it
   */
  public record Published(String node, EventCodec.Decoded events) {}

  /** What nodes have written to a stream, in order. */
  public List<Published> published(String stream) {
    EventCodec codec = new EventCodec();
    List<Published> entries = new ArrayList<>();
    Request all = Request.cmd(Command.XRANGE).arg(stream).arg("-").arg("+");
    for (Response entry : answer(link().send(all))) {
      Response fields = entry.get(1);
      entries.add(new Published(fields.get(1).toString(), codec.decode(fields.get(3).toBytes())));
    }
    return entries;
  }

  @Override
  public void close() {
    links.forEach(link -> answer(link.close()));
  }
}
