package io.signalbox.hub;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.devicetype.DeviceType;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.feed.EventFeed;
import io.signalbox.hub.feed.FeedDispatcher;
import io.signalbox.hub.feed.FeedMetrics;
import io.signalbox.hub.feed.http.FeedHttpHandler;
import io.signalbox.hub.feed.websocket.FeedWebSocketHandler;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.DeviceSessions;
import io.signalbox.hub.gateway.GatewayEventLog;
import io.signalbox.hub.gateway.http.DeviceHttpHandler;
import io.signalbox.hub.gateway.http.HttpDeviceRegistry;
import io.signalbox.hub.gateway.http.HttpGatewayMetrics;
import io.signalbox.hub.gateway.websocket.DeviceWebSocketHandler;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.TcpPeerTimeouts;
import io.signalbox.hub.polling.LoadFactor;
import io.signalbox.hub.polling.PollIntervalPlanner;
import io.signalbox.hub.telemetry.IngestMetrics;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.signalbox.hub.websocket.EchoHandler;
import io.signalbox.hub.websocket.WebSocketLoop;
import io.signalbox.hub.websocket.WebSocketSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Handlers of all event loops: the state they share, and a factory of the handlers of one loop. */
final class ServerEndpoints {
  /** Time that a WebSocket peer has to answer a close frame. */
  private static final int CLOSE_SECONDS = 5;

  private static final int MAX_LOOPS = Runtime.getRuntime().availableProcessors();

  private final HubConfig config;
  private final HubClock clock;
  private final EventTopics topics;
  private final TelemetryStore telemetry;
  private final DeviceSessions.Services deviceServices;
  private final DeviceAdmission admission;
  private final DeviceRegistry registry;
  private final HttpAuthenticator authenticator;
  private final EventFeed feed;
  private final FeedMetrics feedMetrics = new FeedMetrics();
  private final IngestMetrics metrics = new IngestMetrics();
  private final HttpGatewayMetrics httpMetrics = new HttpGatewayMetrics();
  private final HttpDeviceRegistry httpDevices;
  private final DeviceDrain deviceDrain = new DeviceDrain();
  private final TcpPeerTimeouts devicePeers;
  private final TcpPeerTimeouts viewerPeers;

  ServerEndpoints(
      HubConfig config,
      HubClock clock,
      Services services,
      EventTopics topics,
      TelemetryStore telemetry,
      HttpAuthenticator authenticator) {
    this.config = config;
    this.clock = clock;
    this.topics = topics;
    this.devicePeers = TcpPeerTimeouts.of(config.gateway().heartbeatSeconds());
    this.viewerPeers = TcpPeerTimeouts.of(config.feed().heartbeatSeconds());
    this.telemetry = telemetry;
    this.registry = services.registry();
    this.authenticator = authenticator;
    this.feed = new EventFeed(config.feed(), clock);
    GatewayEventLog eventLog = new GatewayEventLog(services.recorder());
    this.deviceServices =
        new DeviceSessions.Services(
            services.commands(),
            services.twins(),
            services.descriptions(),
            services.units(),
            services.strict(),
            eventLog);
    this.admission =
        new DeviceAdmission(
            registry, services.sessions(), services.commands(), eventLog, config.gateway());
    this.httpDevices =
        new HttpDeviceRegistry(
            new HttpDeviceRegistry.Services(
                admission,
                services.sessions(),
                services.commands(),
                services.twins(),
                services.descriptions(),
                services.units(),
                services.strict(),
                eventLog,
                planner(services.types()),
                httpMetrics,
                clock,
                config.gateway()),
            TcpPeerTimeouts.coverWrittenBytes());
  }

  private PollIntervalPlanner planner(DeviceTypes types) {
    double capacity = (double) config.ingest().maxPendingReadings() * MAX_LOOPS;
    LoadFactor pressure = new LoadFactor(config.polling(), () -> metrics.waiting() / capacity);
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    PollIntervalPlanner planner = new PollIntervalPlanner(config.polling(), pressure, random);
    types.onChange(
        (name, type) -> planner.define(name, type.map(DeviceType::polling).orElse(null)));
    return planner;
  }

  /** Metrics of devices connected by HTTP. */
  HttpGatewayMetrics httpMetrics() {
    return httpMetrics;
  }

  /** Registry of devices connected by HTTP. */
  HttpDeviceRegistry httpDevices() {
    return httpDevices;
  }

  /** Admission of device sessions. */
  DeviceAdmission admission() {
    return admission;
  }

  /** Metrics of telemetry ingestion. */
  IngestMetrics ingestMetrics() {
    return metrics;
  }

  /** Metrics of feed clients. */
  FeedMetrics feedMetrics() {
    return feedMetrics;
  }

  /** The feed, which follows nothing yet. */
  EventFeed feed() {
    return feed;
  }

  /** Builds the handlers of an event loop; call it on that loop. */
  LoopEndpoints on(Context loop, ConnectionErrorMetrics faults) {
    TelemetryIngest ingest = ingest(loop);
    DeviceSessions sessions =
        new DeviceSessions(admission, deviceServices, ingest, config.gateway());
    topics.twins().subscribe(sessions::twinChanged);
    DeviceWebSocketHandler devices =
        new DeviceWebSocketHandler(
            sockets(loop, config.gateway().heartbeatSeconds(), faults),
            admission,
            sessions,
            config.gateway(),
            clock);
    DeviceHttpHandler httpHandler =
        new DeviceHttpHandler(
            admission, httpDevices, ingest, config.gateway().limits(), config.api().bodyTimeout());
    topics.twins().subscribe(httpHandler::twinChanged);
    FeedDispatcher live = new FeedDispatcher(loop, feed, registry, authenticator, feedMetrics);
    FeedWebSocketHandler feedClients =
        new FeedWebSocketHandler(
            sockets(loop, config.feed().heartbeatSeconds(), faults), live, authenticator);
    Map<String, HttpServerVerticle.UpgradeHandler> sockets = new HashMap<>();
    sockets.put(DeviceWebSocketHandler.PATH, timedSocket(devicePeers, devices::open));
    sockets.put(FeedWebSocketHandler.PATH, timedSocket(viewerPeers, feedClients::open));
    if (config.debugEcho()) {
      WebSocketLoop echoes = sockets(loop, config.gateway().heartbeatSeconds(), faults);
      sockets.put("/debug/echo", new EchoHandler(echoes)::open);
    }
    FeedHttpHandler events = new FeedHttpHandler(live, authenticator, config.api().bodyTimeout());
    Map<String, Handler<HttpServerRequest>> plain = new HashMap<>();
    plain.put(DeviceHttpHandler.PATH, timedRequest(devicePeers, httpHandler::open));
    plain.put(FeedHttpHandler.STREAM, timedRequest(viewerPeers, events::stream));
    plain.put(FeedHttpHandler.POLL, timedRequest(viewerPeers, events::poll));
    deviceDrain.add(
        loop,
        () -> {
          devices.drain();
          httpHandler.drain();
        },
        ingest);
    return new LoopEndpoints(sockets, plain, () -> drain(loop, live, feedClients));
  }

  /** Feed clients end last, so that they get what devices have sent before. */
  private Future<Void> drain(Context loop, FeedDispatcher live, FeedWebSocketHandler feedClients) {
    return Contexts.resumeOn(loop, deviceDrain.end())
        .onComplete(
            ended -> {
              live.drain();
              feedClients.drain();
            });
  }

  private HttpServerVerticle.UpgradeHandler timedSocket(
      TcpPeerTimeouts peers, HttpServerVerticle.UpgradeHandler handler) {
    return devicePeers.equals(viewerPeers)
        ? handler
        : request -> {
          peers.applyTo(request.connection());
          return handler.open(request);
        };
  }

  private Handler<HttpServerRequest> timedRequest(
      TcpPeerTimeouts peers, Handler<HttpServerRequest> handler) {
    return devicePeers.equals(viewerPeers)
        ? handler
        : request -> {
          peers.applyTo(request.connection());
          handler.handle(request);
        };
  }

  private WebSocketLoop sockets(Context loop, int heartbeatSeconds, ConnectionErrorMetrics faults) {
    return new WebSocketLoop(
        loop,
        new WebSocketSettings(heartbeatSeconds, config.gateway().maxFrameBytes(), CLOSE_SECONDS),
        faults);
  }

  private TelemetryIngest ingest(Context loop) {
    return new TelemetryIngest(loop, telemetry, topics.telemetry(), config.ingest(), metrics);
  }

  /**
   * Handlers of one event loop.
   *
   * @param sockets WebSocket handlers by path
   * @param plain request handlers by path
   * @param drain ends all sessions, held requests and feed clients; call it on the loop
   */
  record LoopEndpoints(
      Map<String, HttpServerVerticle.UpgradeHandler> sockets,
      Map<String, Handler<HttpServerRequest>> plain,
      Supplier<Future<Void>> drain) {}
}
