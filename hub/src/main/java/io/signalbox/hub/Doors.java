package io.signalbox.hub;

import io.signalbox.hub.admission.Credentials;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.entrance.ConnectionFaults;
import io.signalbox.hub.entrance.PeerTimeouts;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.gateway.http.House;
import io.signalbox.hub.gateway.http.VisitDoor;
import io.signalbox.hub.gateway.http.VisitTally;
import io.signalbox.hub.gateway.http.Visitors;
import io.signalbox.hub.gateway.websocket.DeviceDoor;
import io.signalbox.hub.live.EventsDoor;
import io.signalbox.hub.live.Feed;
import io.signalbox.hub.live.Gallery;
import io.signalbox.hub.live.LiveLoop;
import io.signalbox.hub.live.StreamDoor;
import io.signalbox.hub.live.Tally;
import io.signalbox.hub.polling.PollingPlan;
import io.signalbox.hub.polling.Pressure;
import io.signalbox.hub.socket.EchoDoor;
import io.signalbox.hub.socket.SocketLoop;
import io.signalbox.hub.socket.SocketSettings;
import io.signalbox.hub.telemetry.Intake;
import io.signalbox.hub.telemetry.IntakeTally;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** What the doors of all event loops share, and the making of one loop's own. */
final class Doors {
  /** How long a WebSocket's peer has to answer a close frame. */
  private static final int CLOSE_SECONDS = 5;

  private static final int MOST_LOOPS = Runtime.getRuntime().availableProcessors();

  private final HubConfig config;
  private final HubClock clock;
  private final Topics topics;
  private final TelemetryStore telemetry;
  private final Reception reception;
  private final Gallery gallery;
  private final IntakeTally tally = new IntakeTally();
  private final VisitTally visits = new VisitTally();
  private final Visitors visitors;
  private final PeerTimeouts devicePeers;
  private final PeerTimeouts viewerPeers;

  Doors(
      HubConfig config,
      HubClock clock,
      MiddleRooms rooms,
      Topics topics,
      TelemetryStore telemetry,
      Credentials credentials) {
    this.config = config;
    this.clock = clock;
    this.topics = topics;
    this.devicePeers = PeerTimeouts.of(config.gateway().heartbeatSeconds());
    this.viewerPeers = PeerTimeouts.of(config.live().heartbeatSeconds());
    this.telemetry = telemetry;
    this.gallery =
        new Gallery(
            new Feed(config.live(), clock),
            rooms.registry(),
            credentials,
            config.live(),
            new Tally());
    this.reception =
        new Reception(
            rooms.registry(),
            rooms.presences(),
            rooms.twins(),
            rooms.commands(),
            rooms.recorder(),
            config.gateway());
    this.visitors =
        new Visitors(new House(reception, plan(), visits, clock, PeerTimeouts.coverWrittenBytes()));
  }

  private PollingPlan plan() {
    double room = (double) config.intake().waitingReadings() * MOST_LOOPS;
    Pressure pressure = new Pressure(config.polling(), () -> tally.waiting() / room);
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    return new PollingPlan(config.polling(), pressure, random);
  }

  /** What is counted of devices that come by HTTP. */
  VisitTally visits() {
    return visits;
  }

  /** The devices that come by HTTP. */
  Visitors visitors() {
    return visitors;
  }

  /** Where devices come in. */
  Reception reception() {
    return reception;
  }

  /** What came in. */
  IntakeTally tally() {
    return tally;
  }

  /** Who watches. */
  Tally viewers() {
    return gallery.tally();
  }

  /** Lets the feed hear of everything, on the caller's context. */
  void followEvents() {
    gallery.feed().follow(topics.telemetry(), topics.others());
  }

  /** The doors of the context's event loop; called there. */
  OfOneLoop on(Context loop, ConnectionFaults faults) {
    Intake intake = intake(loop);
    DeviceDoor devices =
        new DeviceDoor(
            sockets(loop, config.gateway().heartbeatSeconds(), faults),
            reception,
            intake,
            topics.twins(),
            clock);
    VisitDoor visits =
        new VisitDoor(loop, visitors, intake, topics.twins(), config.api().bodyTimeout());
    LiveLoop live = new LiveLoop(loop, gallery);
    StreamDoor viewers =
        new StreamDoor(sockets(loop, config.live().heartbeatSeconds(), faults), live);
    Map<String, FrontDoor.SocketDoor> sockets = new HashMap<>();
    sockets.put(DeviceDoor.PATH, timedSocket(devicePeers, devices::open));
    sockets.put(StreamDoor.PATH, timedSocket(viewerPeers, viewers::open));
    if (config.debugEcho()) {
      SocketLoop echoes = sockets(loop, config.gateway().heartbeatSeconds(), faults);
      sockets.put("/debug/echo", new EchoDoor(echoes)::open);
    }
    EventsDoor events = new EventsDoor(live, config.api().bodyTimeout());
    Map<String, Handler<HttpServerRequest>> plain = new HashMap<>();
    plain.put(VisitDoor.PATH, timedRequest(devicePeers, visits::open));
    plain.put(EventsDoor.STREAM, timedRequest(viewerPeers, events::stream));
    plain.put(EventsDoor.POLL, timedRequest(viewerPeers, events::poll));
    return new OfOneLoop(devices, visits, live, viewers, sockets, plain);
  }

  private FrontDoor.SocketDoor timedSocket(PeerTimeouts peers, FrontDoor.SocketDoor door) {
    return devicePeers.equals(viewerPeers)
        ? door
        : request -> {
          peers.applyTo(request.connection());
          return door.open(request);
        };
  }

  private Handler<HttpServerRequest> timedRequest(
      PeerTimeouts peers, Handler<HttpServerRequest> door) {
    return devicePeers.equals(viewerPeers)
        ? door
        : request -> {
          peers.applyTo(request.connection());
          door.handle(request);
        };
  }

  private SocketLoop sockets(Context loop, int heartbeatSeconds, ConnectionFaults faults) {
    return new SocketLoop(
        loop,
        new SocketSettings(heartbeatSeconds, config.gateway().maxFrameBytes(), CLOSE_SECONDS),
        faults);
  }

  private Intake intake(Context loop) {
    return new Intake(loop, telemetry, topics.telemetry(), config.intake(), tally);
  }

  /**
   * One event loop's doors.
   *
   * @param sockets those for WebSockets, by path
   * @param plain those for plain requests, by path
   */
  record OfOneLoop(
      DeviceDoor devices,
      VisitDoor visits,
      LiveLoop live,
      StreamDoor viewers,
      Map<String, FrontDoor.SocketDoor> sockets,
      Map<String, Handler<HttpServerRequest>> plain) {
    /** Sends everybody away. */
    void drain() {
      devices.drain();
      live.drain();
      viewers.drain();
      visits.drain();
    }
  }
}
