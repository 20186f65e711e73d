package io.signalbox.hub;

import io.signalbox.hub.bus.WorkerThreads;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.cluster.BridgeLinks;
import io.signalbox.hub.cluster.ClusterNode;
import io.signalbox.hub.cluster.EventBridge;
import io.signalbox.hub.cluster.NodeEvents;
import io.signalbox.hub.cluster.NodeRegistry;
import io.signalbox.hub.feed.EventFeed;
import io.signalbox.hub.model.Ownership;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.ops.Metrics;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisChecks;
import io.signalbox.hub.store.redis.RedisClock;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisSettings;
import io.signalbox.hub.store.redis.access.RedisAccessStore;
import io.signalbox.hub.store.redis.command.RedisCommandStore;
import io.signalbox.hub.store.redis.devicetype.RedisDeviceTypeStore;
import io.signalbox.hub.store.redis.fleet.RedisDescriptionStore;
import io.signalbox.hub.store.redis.fleet.RedisDeviceStore;
import io.signalbox.hub.store.redis.fleet.RedisSessionStore;
import io.signalbox.hub.store.redis.fleet.RedisTwinStore;
import io.signalbox.hub.store.redis.job.RedisJobStore;
import io.signalbox.hub.store.redis.recorder.RedisRecorderStore;
import io.signalbox.hub.store.redis.telemetry.RedisTelemetrySettings;
import io.signalbox.hub.store.redis.telemetry.RedisTelemetryStore;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The stores on Redis, and this hub as one of the nodes that share them.
 *
 * <p>Threading: opened, joined and left by the main thread.
 */
final class RedisBackend {
  private final Vertx vertx;
  private final HubConfig config;
  private final RedisLink link;
  private final BridgeLinks links;
  private final RedisKeys keys;
  private final EventStreams streams;
  private final HubClock clock;
  private final Stores stores;
  private final List<Supplier<Future<Void>>> leaving = new ArrayList<>();
  private volatile @Nullable NodeRegistry nodes;
  private volatile @Nullable EventBridge bridge;

  private RedisBackend(
      Vertx vertx,
      HubConfig config,
      BridgeLinks links,
      RedisKeys keys,
      HubClock clock,
      TelemetryStore telemetry) {
    this.vertx = vertx;
    this.config = config;
    this.links = links;
    this.link = links.writing();
    this.keys = keys;
    this.streams = streams(config, keys);
    this.clock = clock;
    this.stores = stores(telemetry);
  }

  /**
   * Connects and opens the stores. Fails with an {@link IllegalStateException} that says what is
   * wrong with the server.
   */
  static Future<RedisBackend> open(Vertx vertx, HubConfig config) {
    return RedisLink.open(vertx, config.redis())
        .compose(
            link ->
                RedisChecks.run(link, config.redis())
                    .compose(
                        keys ->
                            RedisClock.open(vertx, link, keys)
                                .compose(time -> open(vertx, config, link, keys, time))));
  }

  private static Future<RedisBackend> open(
      Vertx vertx, HubConfig config, RedisLink link, RedisKeys keys, RedisClock time) {
    HubClock clock = new HubClock(time::millis, System::nanoTime);
    Future<TelemetryStore> opening =
        RedisTelemetryStore.open(
                vertx, link, keys, streams(config, keys), telemetrySettings(config), clock)
            .map(telemetry -> telemetry);
    return opening.compose(
        telemetry ->
            bridgeLinks(vertx, config, link, keys)
                .map(links -> new RedisBackend(vertx, config, links, keys, clock, telemetry)));
  }

  /** Readings of other nodes must not delay writes, and a wait for entries delays everything. */
  private static Future<BridgeLinks> bridgeLinks(
      Vertx vertx, HubConfig config, RedisLink writing, RedisKeys keys) {
    int waiting = config.redis().cluster() ? keys.partitions() + 1 : 1;
    RedisSettings reading = config.redis().withoutReplicas();
    List<Future<RedisLink>> opening =
        IntStream.range(0, 1 + waiting).mapToObj(i -> RedisLink.open(vertx, reading)).toList();
    return Future.join(opening)
        .map(
            opened -> {
              List<RedisLink> all = opened.list();
              return new BridgeLinks(writing, all.getFirst(), all.subList(1, all.size()));
            });
  }

  private static EventStreams streams(HubConfig config, RedisKeys keys) {
    return new EventStreams(keys, config.node(), config.feed().bufferEvents());
  }

  private static RedisTelemetrySettings telemetrySettings(HubConfig config) {
    return RedisTelemetrySettings.DEFAULTS.withRetention(config.telemetry().retention());
  }

  private Stores stores(TelemetryStore telemetry) {
    WorkerThreads workers = new WorkerThreads();
    workers.open(vertx);
    return new Stores(
        new RedisDeviceStore(link, keys, streams),
        new RedisDeviceTypeStore(link, keys, streams),
        new RedisDescriptionStore(link, keys, streams, workers),
        new RedisSessionStore(link, keys),
        new RedisTwinStore(link, keys, streams, config.fleet().twinHistory()),
        new RedisCommandStore(link, keys, streams),
        new RedisJobStore(link, keys),
        new RedisRecorderStore(link, keys, config.recorder().entriesPerDevice()),
        new RedisAccessStore(link, keys, streams),
        telemetry,
        null,
        this::fault,
        () -> telemetry.close().eventually(this::disconnect));
  }

  private @Nullable String fault() {
    String trouble = link.trouble();
    EventBridge events = bridge;
    if (trouble != null) {
      return trouble;
    }
    String telemetryFault = stores.telemetry().trouble();
    boolean cutOff = events != null && !events.isConnected();
    return telemetryFault == null && cutOff ? "the events of Redis cannot be read" : telemetryFault;
  }

  private Future<Void> disconnect() {
    List<Future<Void>> closing = new ArrayList<>();
    closing.add(links.writing().close());
    closing.add(links.reading().close());
    links.waiting().forEach(waiting -> closing.add(waiting.close()));
    return Future.join(closing).mapEmpty();
  }

  /** The clock that all nodes share. */
  HubClock clock() {
    return clock;
  }

  Stores stores() {
    return stores;
  }

  /**
   * Joins the other nodes: from now on this one owns partitions, and its feed and topics get the
   * events of all. {@code CONFLICT} if another node has the name.
   *
   * @param info what the node says of itself, a JSON object
   * @return what this node owns
   */
  Future<Ownership> join(
      Services services,
      EventFeed feed,
      EventTopics topics,
      Metrics metrics,
      Supplier<String> info) {
    NodeRegistry registry = new NodeRegistry(vertx, link, keys, config.node(), clock, info);
    EventBridge events = new EventBridge(vertx, clock, streams, links, feed, topics.bridged());
    events.onGap(services::refresh);
    services.sessions().share();
    MetricsBinder.bind(metrics, link.metrics());
    MetricsBinder.bind(metrics, registry, events);
    return registry
        .join(told(services))
        .recover(RedisBackend::nameTaken)
        .onSuccess(joined -> leaving.add(registry::leave))
        .compose(joined -> events.start())
        .map(
            started -> {
              leaving.addFirst(events::close);
              nodes = registry;
              bridge = events;
              return registry.ownership();
            });
  }

  private static Future<Void> nameTaken(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Refusal refused && refused.kind() == Refusal.ErrorCode.CONFLICT
            ? new StartupException(StartupException.CONFIG, "node: " + refused.detail())
            : failure);
  }

  private static NodeEvents told(Services services) {
    return new NodeEvents() {
      @Override
      public Future<Void> lost(String node) {
        return services.takeOver(node);
      }

      @Override
      public Future<Void> fenced() {
        services.sessions().giveUp(SessionEnd.Cause.NODE_LOST);
        return services.refresh();
      }
    };
  }

  /** Tells the other nodes that this one stops, after what it still has to say. */
  Future<Void> leave() {
    Future<Void> left = Future.succeededFuture();
    for (Supplier<Future<Void>> step : leaving) {
      left = left.eventually(step);
    }
    return left;
  }

  /** Number of partitions that this node owns. */
  int partitions() {
    NodeRegistry registry = nodes;
    return registry == null ? 0 : registry.partitions();
  }

  /** The nodes at the last beat; none before this one has joined. */
  List<ClusterNode> nodes() {
    NodeRegistry registry = nodes;
    return registry == null ? List.of() : registry.nodes();
  }
}
