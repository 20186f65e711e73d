package io.signalbox.hub.cluster;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.feed.EventFeed;
import io.signalbox.hub.feed.FeedSettings;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.RedisSettings;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A node with a bridge: a Vert.x, topics and a feed of its own, and connections to a Redis. */
final class BridgedNode implements AutoCloseable {
  static final long MAX_ENTRIES = 10_000;
  private static final RedisScript STORE = RedisScript.of(BridgedNode.class, "store.lua");

  final Vertx vertx = Vertx.vertx();
  final HubClock clock = HubClock.ofSystem();
  final EventFeed feed = new EventFeed(new FeedSettings(65_536, 64, 64, 30, 20_000), clock);
  final BridgedTopics topics =
      new BridgedTopics(
          Topic.of(vertx, "devices"),
          Topic.of(vertx, "types"),
          Topic.of(vertx, "presence"),
          Topic.of(vertx, "twins"),
          Topic.of(vertx, "commands"),
          Topic.of(vertx, "jobs"),
          Topic.of(vertx, "api-keys"));

  /** What the topics have carried. */
  final List<Object> heard = Collections.synchronizedList(new ArrayList<>());

  final AtomicInteger gaps = new AtomicInteger();
  final RedisKeys keys;
  final EventStreams streams;
  final RedisLink link;
  final List<RedisLink> waiting = new ArrayList<>();
  final EventBridge bridge;

  /** Starts a node; it is connected when this returns. */
  BridgedNode(String name, RedisKeys keys, String url) {
    this(name, keys, RedisSettings.of(url), 1);
  }

  /** The same with a number of connections that wait for entries. */
  BridgedNode(String name, RedisKeys keys, RedisSettings redis, int connections) {
    this.keys = keys;
    this.streams = new EventStreams(keys, name, MAX_ENTRIES);
    this.link = answer(RedisLink.open(vertx, redis));
    for (int i = 0; i < connections; i++) {
      waiting.add(answer(RedisLink.open(vertx, redis)));
    }
    List.of(topics.devices(), topics.types(), topics.presence(), topics.twins())
        .forEach(topic -> topic.listen(heard::add));
    List.of(topics.commands(), topics.jobs(), topics.apiKeys())
        .forEach(topic -> topic.listen(heard::add));
    BridgeLinks links = new BridgeLinks(link, link, waiting);
    this.bridge = new EventBridge(vertx, clock, streams, links, feed, topics);
    bridge.onGap(gaps::incrementAndGet);
    answer(bridge.start());
  }

  /** Stores something of a device, with the events of the change. */
  void store(String device, Event... events) {
    List<String> touched = List.of(streams.of(device), keys.of(device, "test"));
    byte[] encoded = streams.encode(List.of(events));
    answer(link.run(STORE, touched, streams.maxEntries(), streams.node(), encoded));
  }

  /** Adds an entry with a given id to the stream of a device. */
  void add(String id, String device, Event event) {
    Request request =
        Request.cmd(Command.XADD)
            .arg(streams.of(device))
            .arg(id)
            .arg("n")
            .arg(streams.node())
            .arg("e")
            .arg(streams.encode(List.of(event)));
    answer(link.send(request));
  }

  @Override
  public void close() {
    answer(bridge.close());
    waiting.forEach(one -> answer(one.close()));
    answer(link.close());
    answer(vertx.close());
  }
}
