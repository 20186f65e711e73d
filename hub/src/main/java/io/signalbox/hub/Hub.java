package io.signalbox.hub;

import io.signalbox.hub.access.Bootstrap;
import io.signalbox.hub.admission.Credentials;
import io.signalbox.hub.api.Api;
import io.signalbox.hub.api.Node;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.entrance.ConnectionFaults;
import io.signalbox.hub.entrance.Entrance;
import io.signalbox.hub.entrance.PeerTimeouts;
import io.signalbox.hub.entrance.TrustedProxies;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.HeapGrowth;
import io.signalbox.hub.ops.Meters;
import io.signalbox.hub.why.Terms;
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
  private final ConnectionFaults faults;
  private final Vertx vertx;
  private final Stores stores;
  private final Topics topics;
  private final MiddleRooms rooms;
  private final Credentials credentials;
  private final Doors doors;
  private final Health health = new Health();
  private final Meters meters = new Meters();
  private final Promise<Void> hurried = Promise.promise();
  private final List<FrontDoor> frontDoors = Collections.synchronizedList(new ArrayList<>());

  private Hub(HubConfig config, HubClock clock, Stores stores) {
    this.clock = clock;
    this.config = config;
    this.proxies = new TrustedProxies(config.http().proxies(), config.http().headTimeout());
    PeerTimeouts timeouts = PeerTimeouts.of(config.gateway().heartbeatSeconds());
    this.faults = new ConnectionFaults(timeouts);
    this.vertx = vertx(config, timeouts, proxies, faults);
    this.stores = stores;
    this.topics = Topics.of(vertx);
    this.rooms = MiddleRooms.build(config, stores, topics, clock);
    this.credentials = new Credentials(rooms.access(), clock);
    this.doors = new Doors(config, clock, rooms, topics, stores.telemetry(), credentials);
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
  record Started(String address, Bootstrap bootstrap) {}

  /** Opens rooms and doors. Throws a {@link StartFailure} for a certificate that cannot be used. */
  Future<Started> start() {
    CertificateFiles certificate = CertificateFiles.of(config.http());
    HttpServerOptions listener = Listener.options(config, certificate, vertx);
    watch();
    vertx.setPeriodic(CLOCK_CHECK_MS, tick -> clock.check());
    vertx.setTimer(HEAP_CHECK_AFTER_MS, started -> watchHeap());
    // Here and not where the doors open: that is an event loop, which nothing may hold up.
    Router rest = api().router();
    return rooms
        .open(vertx, config, topics)
        .compose(
            bootstrap ->
                followEvents().compose(followed -> openDoors(rest, listener)).map(bootstrap))
        .onSuccess(open -> followCertificate(certificate))
        .onSuccess(open -> health.started())
        .map(bootstrap -> new Started(address(), bootstrap));
  }

  /** Lets no new session in and says so; succeeds when others have had the time to notice. */
  Future<?> drain() {
    health.draining();
    doors.reception().drain();
    Duration notice = config.drainTime();
    return notice.isZero()
        ? Future.succeededFuture()
        : Future.any(vertx.timer(notice.toMillis(), TimeUnit.MILLISECONDS), hurried.future());
  }

  /** Ends {@link #drain} at once. */
  void hurry() {
    hurried.tryComplete();
  }

  /** Closes everything in reverse order; nothing that was acknowledged is lost. */
  Future<Void> stop() {
    return Future.join(rooms.drain(), closeDoors())
        .<Void>mapEmpty()
        .eventually(rooms::close)
        .eventually(stores::close)
        .eventually(vertx::close)
        .onComplete(closed -> meters.close());
  }

  private void watch() {
    health.needsNo("store", stores::trouble);
    Instruments.hang(meters, doors, rooms, stores.telemetry());
    Instruments.hang(meters, stores.disk());
    Instruments.hang(meters, proxies, faults);
    meters.count("clock.steps", "Jumps of the wall clock", clock::steps);
  }

  private void watchHeap() {
    vertx
        .executeBlocking(HeapGrowth::ofThisJvm)
        .onSuccess(
            found ->
                found.ifPresent(
                    heap -> vertx.setPeriodic(HeapGrowth.CHECK_MS, tick -> heap.check())));
  }

  private Future<Void> followEvents() {
    Promise<Void> following = Promise.promise();
    vertx.runOnContext(
        here -> {
          doors.followEvents();
          following.complete();
        });
    return following.future();
  }

  private Future<String> openDoors(Router rest, HttpServerOptions listener) {
    return vertx.deployVerticle(() -> frontDoor(rest, listener), oneForEachLoop());
  }

  /** One server changes the certificate of all that share its port. */
  private void followCertificate(@Nullable CertificateFiles inUse) {
    HttpServer server = frontDoors.getFirst().server();
    if (inUse != null && server != null) {
      new CertificateReload(vertx.getOrCreateContext(), server, inUse).start();
    }
  }

  private Future<Void> closeDoors() {
    return Future.join(vertx.deploymentIDs().stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  private Api api() {
    Node node = new Node(config.node(), Invocation.version());
    return new Api(
        rooms.asked(terms(), clock),
        config.api(),
        credentials,
        new Api.Surroundings(vertx, node, health, meters, clock));
  }

  private Terms terms() {
    return new Terms(config.commands().window(), config.recorder().keep(), health::obstacle);
  }

  private FrontDoor frontDoor(Router rest, HttpServerOptions listener) {
    FrontDoor door = new FrontDoor(config, listener, faults, loop -> behind(loop, rest));
    frontDoors.add(door);
    return door;
  }

  private FrontDoor.Rooms behind(Context loop, Router rest) {
    Doors.OfOneLoop here = doors.on(loop, faults);
    return new FrontDoor.Rooms(here.sockets(), here.plain(), rest, here::drain);
  }

  private String address() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    String scheme = config.http().tlsKey() == null ? "http" : "https";
    return "%s://%s:%d".formatted(scheme, host, frontDoors.getFirst().port());
  }

  private static DeploymentOptions oneForEachLoop() {
    return new DeploymentOptions().setInstances(loops().getEventLoopPoolSize());
  }

  private static Vertx vertx(
      HubConfig config, PeerTimeouts timeouts, TrustedProxies proxies, ConnectionFaults faults) {
    Duration headTimeout = config.http().headTimeout();
    return Vertx.builder()
        .with(loops())
        .withTransport(Entrance.transport(timeouts, headTimeout, proxies, faults))
        .build();
  }

  private static VertxOptions loops() {
    return new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors());
  }
}
