package io.signalbox.hub;

import io.signalbox.hub.access.AdminBootstrap;
import io.signalbox.hub.api.NodeInfo;
import io.signalbox.hub.api.RestApi;
import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.TrustedProxies;
import io.signalbox.hub.model.Ownership;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.HeapGrowth;
import io.signalbox.hub.ops.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Composition root: builds the stores, the services on them and the listeners, and stops them in
 * reverse order: refuse new sessions, close the existing ones, write what is pending, close the
 * files.
 *
 * <p>Threading: built, started and stopped by the main thread.
 */
final class Hub {
  /** Interval at which the system clock is compared with the hub's. */
  private static final long CLOCK_CHECK_MS = 1_000;

  /** Delay of the heap check: the heap keeps its initial size during the start. */
  private static final long HEAP_CHECK_AFTER_MS = 10_000;

  private final HubClock clock;
  private final HubConfig config;
  private final TrustedProxies proxies;
  private final ConnectionErrorMetrics faults;
  private final Vertx vertx;
  private final Stores stores;
  private final @Nullable RedisBackend redis;
  private final EventTopics topics;
  private final Services services;
  private final HttpAuthenticator authenticator;
  private final ServerEndpoints endpoints;
  private final NodeList nodes;
  private final Health health = new Health();
  private final Metrics metrics = new Metrics();
  private final Promise<Void> hurried = Promise.promise();
  private final List<HttpServerVerticle> httpServers =
      Collections.synchronizedList(new ArrayList<>());

  private Hub(
      HubConfig config,
      HubClock clock,
      Network network,
      Stores stores,
      @Nullable RedisBackend redis) {
    this.clock = clock;
    this.config = config;
    this.proxies = network.proxies();
    this.faults = network.faults();
    this.vertx = network.vertx();
    this.stores = stores;
    this.redis = redis;
    this.topics = EventTopics.of(vertx);
    this.services = Services.build(config, stores, topics, clock);
    this.nodes = new NodeList(config.node(), clock, services.sessions(), redis);
    this.authenticator = new HttpAuthenticator(services.access(), clock);
    this.endpoints =
        new ServerEndpoints(config, clock, services, topics, stores.telemetry(), authenticator);
  }

  /**
   * Opens the stores and builds the services; nothing listens yet. Blocks while files are opened.
   * Fails with, or throws, a {@link StartupException} if the stores cannot be used.
   */
  static Future<Hub> build(HubConfig config) {
    if (config.redis().url() != null) {
      return onRedis(config);
    }
    HubClock clock = HubClock.ofSystem();
    Stores stores = EmbeddedStores.open(config, clock);
    return Future.succeededFuture(new Hub(config, clock, Network.of(config), stores, null));
  }

  private static Future<Hub> onRedis(HubConfig config) {
    Network network = Network.of(config);
    return RedisBackend.open(network.vertx(), config)
        .map(redis -> new Hub(config, redis.clock(), network, redis.stores(), redis))
        .recover(
            unusable -> {
              network.vertx().close();
              String line = "redis: " + unusable.getMessage();
              throw new StartupException(StartupException.UNAVAILABLE, line);
            });
  }

  /**
   * Starts services and listeners; succeeds with the URL that the hub listens on, such as {@code
   * http://127.0.0.1:8080}. Throws a {@link StartupException} if the certificate cannot be used.
   *
   * @param showAdminKey receives the key that a first start generates, before a later step can
   *     fail: the hub stores only its hash
   */
  Future<String> start(Consumer<String> showAdminKey) {
    CertificateFiles certificate = CertificateFiles.of(config.http());
    HttpServerOptions listener = HttpServerSetup.options(config, certificate, vertx);
    watch();
    vertx.setPeriodic(CLOCK_CHECK_MS, tick -> clock.check());
    vertx.setTimer(HEAP_CHECK_AFTER_MS, started -> watchHeap());
    // Built on the main thread: the verticles start on event loops, which must not be blocked.
    Router rest = api().router();
    return join()
        .compose(ownership -> services.open(vertx, config, topics, ownership))
        .onSuccess(
            bootstrap -> {
              if (bootstrap instanceof AdminBootstrap.Generated generated) {
                showAdminKey.accept(generated.key());
              }
            })
        .compose(
            bootstrap -> {
              if (redis == null) {
                Executor spare = Contexts.executorOf(vertx.getOrCreateContext());
                endpoints.feed().follow(spare, topics.telemetry(), topics.others());
              }
              return startServers(rest, listener);
            })
        .map(
            open -> {
              followCertificate(certificate);
              health.started();
              return address();
            });
  }

  /** Joins the other nodes, whose events then reach the feed and the topics. */
  private Future<Ownership> join() {
    RedisBackend shared = redis;
    return shared == null
        ? Future.succeededFuture(Ownership.ALL)
        : shared.join(services, endpoints.feed(), topics, nodes::ofThis);
  }

  /**
   * Refuses new sessions and reports not ready; succeeds after the drain time, so that load
   * balancers notice.
   */
  Future<?> drain() {
    health.draining();
    endpoints.admission().drain();
    Duration notice = config.drainTime();
    return notice.isZero()
        ? Future.succeededFuture()
        : Future.any(vertx.timer(notice.toMillis(), TimeUnit.MILLISECONDS), hurried.future());
  }

  /** Ends the drain time of {@link #drain} at once. */
  void skipDrainTime() {
    hurried.tryComplete();
  }

  /** Closes everything in reverse order; acknowledged data is not lost. */
  Future<Void> stop() {
    return Future.join(services.drain(), stopServers())
        .<Void>mapEmpty()
        .eventually(services::close)
        .eventually(() -> redis == null ? Future.<Void>succeededFuture() : redis.leave())
        .eventually(stores::close)
        .eventually(vertx::close)
        .onComplete(closed -> metrics.close());
  }

  private void watch() {
    health.addCheck("store", stores.fault());
    MetricsBinder.bind(metrics, endpoints, services, stores.telemetry());
    MetricsBinder.bind(metrics, stores.disk());
    MetricsBinder.bind(metrics, proxies, faults);
    metrics.count("clock.steps", "Jumps of the wall clock", clock::steps);
  }

  private void watchHeap() {
    vertx
        .executeBlocking(HeapGrowth::ofThisJvm)
        .onSuccess(
            found ->
                found.ifPresent(
                    heap -> vertx.setPeriodic(HeapGrowth.CHECK_MS, tick -> heap.check())));
  }

  private Future<String> startServers(Router rest, HttpServerOptions listener) {
    return vertx.deployVerticle(() -> httpServer(rest, listener), Network.deploymentPerLoop());
  }

  /** One server updates the certificate of all servers that share its port. */
  private void followCertificate(@Nullable CertificateFiles inUse) {
    HttpServer server = httpServers.getFirst().server();
    if (inUse != null && server != null) {
      new CertificateReload(vertx.getOrCreateContext(), server, inUse).start();
    }
  }

  private Future<Void> stopServers() {
    return Future.join(vertx.deploymentIDs().stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  private RestApi api() {
    NodeInfo node = new NodeInfo(config.node(), HubCommandLine.version(), nodes::all);
    return new RestApi(
        vertx,
        services.apiServices(config, clock, health, metrics),
        config.api(),
        authenticator,
        node,
        clock);
  }

  private HttpServerVerticle httpServer(Router rest, HttpServerOptions listener) {
    HttpServerVerticle handler =
        new HttpServerVerticle(config, listener, faults, loop -> routes(loop, rest));
    httpServers.add(handler);
    return handler;
  }

  private HttpServerVerticle.RouteTable routes(Context loop, Router rest) {
    ServerEndpoints.LoopEndpoints loopEndpoints = endpoints.on(loop, faults);
    return new HttpServerVerticle.RouteTable(
        loopEndpoints.sockets(), loopEndpoints.plain(), rest, loopEndpoints.drain());
  }

  private String address() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    String scheme = config.http().tlsKey() == null ? "http" : "https";
    return "%s://%s:%d".formatted(scheme, host, httpServers.getFirst().port());
  }
}
