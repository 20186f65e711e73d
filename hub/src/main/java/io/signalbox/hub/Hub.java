package io.signalbox.hub;

import io.signalbox.hub.access.AdminBootstrap;
import io.signalbox.hub.api.NodeInfo;
import io.signalbox.hub.api.RestApi;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.diagnostics.HubLimits;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.ProtocolDetectingTransport;
import io.signalbox.hub.http.netty.TcpPeerTimeouts;
import io.signalbox.hub.http.netty.TrustedProxies;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.HeapGrowth;
import io.signalbox.hub.ops.Metrics;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The house, built by hand: stores first, then the rooms on them, then the doors. It stops in
 * reverse order: no new guests, guests told to go, what is held written, files let go.
 *
 * <p>Threading: built, started and stopped by the main thread.
 */
final class Hub {
  /** How often the system's clock is compared with the hub's. */
  private static final long CLOCK_CHECK_MS = 1_000;

  /** The heap has its first size until then: what the check needs is no part of a start. */
  private static final long HEAP_CHECK_AFTER_MS = 10_000;

  private final HubClock clock;
  private final HubConfig config;
  private final TrustedProxies proxies;
  private final ConnectionErrorMetrics faults;
  private final Vertx vertx;
  private final Stores stores;
  private final EventTopics topics;
  private final Services services;
  private final HttpAuthenticator authenticator;
  private final ServerEndpoints endpoints;
  private final Health health = new Health();
  private final Metrics metrics = new Metrics();
  private final Promise<Void> hurried = Promise.promise();
  private final List<HttpServerVerticle> httpServers =
      Collections.synchronizedList(new ArrayList<>());

  private Hub(HubConfig config, HubClock clock, Stores stores) {
    this.clock = clock;
    this.config = config;
    this.proxies = new TrustedProxies(config.http().proxies(), config.http().headTimeout());
    TcpPeerTimeouts timeouts = TcpPeerTimeouts.of(config.gateway().heartbeatSeconds());
    this.faults = new ConnectionErrorMetrics(timeouts);
    this.vertx = vertx(config, timeouts, proxies, faults);
    this.stores = stores;
    this.topics = EventTopics.of(vertx);
    this.services = Services.build(config, stores, topics, clock);
    this.authenticator = new HttpAuthenticator(services.access(), clock);
    this.endpoints =
        new ServerEndpoints(config, clock, services, topics, stores.telemetry(), authenticator);
  }

  /** Opens the stores and builds the rooms; nothing listens yet. Blocks. */
  static Hub build(HubConfig config) {
    HubClock clock = HubClock.ofSystem();
    return new Hub(config, clock, Stores.open(config, clock));
  }

  /**
   * What a start tells.
   *
   * @param address that the hub listens on, as {@code http://127.0.0.1:8080}
   * @param bootstrap how it can be administered
   */
  record Started(String address, AdminBootstrap bootstrap) {}

  /**
   * Opens rooms and doors. Throws a {@link StartupException} for a certificate that cannot be used.
   */
  Future<Started> start() {
    CertificateFiles certificate = CertificateFiles.of(config.http());
    HttpServerOptions listener = HttpServerSetup.options(config, certificate, vertx);
    watch();
    vertx.setPeriodic(CLOCK_CHECK_MS, tick -> clock.check());
    vertx.setTimer(HEAP_CHECK_AFTER_MS, started -> watchHeap());
    // Here and not where the doors open: that is an event loop, which nothing may hold up.
    Router rest = api().router();
    return services
        .open(vertx, config, topics)
        .compose(
            bootstrap ->
                subscribeEvents().compose(followed -> startServers(rest, listener)).map(bootstrap))
        .onSuccess(open -> followCertificate(certificate))
        .onSuccess(open -> health.started())
        .map(bootstrap -> new Started(address(), bootstrap));
  }

  /** Lets no new session in and says so; succeeds when others have had the time to notice. */
  Future<?> drain() {
    health.draining();
    endpoints.admission().drain();
    Duration notice = config.drainTime();
    return notice.isZero()
        ? Future.succeededFuture()
        : Future.any(vertx.timer(notice.toMillis(), TimeUnit.MILLISECONDS), hurried.future());
  }

  /** Ends {@link #drain} at once. */
  void skipDrainTime() {
    hurried.tryComplete();
  }

  /** Closes everything in reverse order; nothing that was acknowledged is lost. */
  Future<Void> stop() {
    return Future.join(services.drain(), stopServers())
        .<Void>mapEmpty()
        .eventually(services::close)
        .eventually(stores::close)
        .eventually(vertx::close)
        .onComplete(closed -> metrics.close());
  }

  private void watch() {
    health.removeCheck("store", stores::trouble);
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

  private Future<Void> subscribeEvents() {
    Promise<Void> following = Promise.promise();
    vertx.runOnContext(
        here -> {
          endpoints.subscribeEvents();
          following.complete();
        });
    return following.future();
  }

  private Future<String> startServers(Router rest, HttpServerOptions listener) {
    return vertx.deployVerticle(() -> httpServer(rest, listener), deploymentPerLoop());
  }

  /** One server changes the certificate of all that share its port. */
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
    NodeInfo node = new NodeInfo(config.node(), CommandLine.version());
    return new RestApi(
        services.apiServices(terms(), clock),
        config.api(),
        authenticator,
        new RestApi.ApiContext(vertx, node, health, metrics, clock));
  }

  private HubLimits terms() {
    return new HubLimits(
        config.commands().window(), config.recorder().keep(), health::notReadyReason);
  }

  private HttpServerVerticle httpServer(Router rest, HttpServerOptions listener) {
    HttpServerVerticle handler =
        new HttpServerVerticle(config, listener, faults, loop -> behind(loop, rest));
    httpServers.add(handler);
    return handler;
  }

  private HttpServerVerticle.RouteTable behind(Context loop, Router rest) {
    ServerEndpoints.LoopEndpoints here = endpoints.on(loop, faults);
    return new HttpServerVerticle.RouteTable(here.sockets(), here.plain(), rest, here::drain);
  }

  private String address() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    String scheme = config.http().tlsKey() == null ? "http" : "https";
    return "%s://%s:%d".formatted(scheme, host, httpServers.getFirst().port());
  }

  private static DeploymentOptions deploymentPerLoop() {
    return new DeploymentOptions().setInstances(loops().getEventLoopPoolSize());
  }

  private static Vertx vertx(
      HubConfig config,
      TcpPeerTimeouts timeouts,
      TrustedProxies proxies,
      ConnectionErrorMetrics faults) {
    Duration headTimeout = config.http().headTimeout();
    return Vertx.builder()
        .with(loops())
        .withTransport(ProtocolDetectingTransport.transport(timeouts, headTimeout, proxies, faults))
        .build();
  }

  private static VertxOptions loops() {
    return new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors());
  }
}
