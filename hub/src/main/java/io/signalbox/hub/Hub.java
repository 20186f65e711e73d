package io.signalbox.hub;

import io.signalbox.hub.socket.CloseCode;
import io.signalbox.hub.socket.EchoDoor;
import io.signalbox.hub.socket.SocketLoop;
import io.signalbox.hub.socket.SocketSettings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The house, built by hand: stores first, then the rooms on them, then the doors. Stops in reverse
 * order: no new guests, guests told to go, what is held written, files let go.
 *
 * <p>Threading: built, started and stopped by the main thread.
 */
final class Hub {
  /** How long a WebSocket's peer has to answer a close frame. */
  private static final int CLOSE_SECONDS = 5;

  private final HubConfig config;
  private final Vertx vertx;
  private final DataDirectory data;
  private final List<FrontDoor> doors = Collections.synchronizedList(new ArrayList<>());

  private Hub(HubConfig config, Vertx vertx, DataDirectory data) {
    this.config = config;
    this.vertx = vertx;
    this.data = data;
  }

  /** Takes the data directory and builds the rooms; nothing listens yet. */
  static Hub build(HubConfig config) {
    DataDirectory data = DataDirectory.take(config.data());
    return new Hub(config, Vertx.vertx(loops()), data);
  }

  /** Opens the doors; gives the address that the hub listens on. */
  Future<String> start() {
    DeploymentOptions oneForEachLoop =
        new DeploymentOptions().setInstances(loops().getEventLoopPoolSize());
    return vertx.deployVerticle(this::door, oneForEachLoop).map(id -> address());
  }

  /** Closes everything in reverse order; nothing that was acknowledged is lost. */
  Future<Void> stop() {
    return vertx.close().eventually(this::releaseData);
  }

  private FrontDoor door() {
    FrontDoor door = new FrontDoor(config, this::rooms);
    doors.add(door);
    return door;
  }

  private FrontDoor.Rooms rooms() {
    Map<String, FrontDoor.SocketDoor> sockets = new HashMap<>();
    SocketLoop loop = new SocketLoop(vertx.getOrCreateContext(), socketSettings());
    if (config.debugEcho()) {
      sockets.put("/debug/echo", new EchoDoor(loop)::open);
    }
    Handler<HttpServerRequest> rest = request -> request.response().setStatusCode(404).end();
    return new FrontDoor.Rooms(
        sockets, rest, () -> loop.close(CloseCode.GOING_AWAY, () -> "draining"));
  }

  private SocketSettings socketSettings() {
    return new SocketSettings(
        config.gateway().heartbeatSeconds(), config.gateway().maxFrameBytes(), CLOSE_SECONDS);
  }

  private String address() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    return "http://%s:%d".formatted(host, doors.getFirst().port());
  }

  private Future<Void> releaseData() {
    try {
      data.close();
      return Future.succeededFuture();
    } catch (IOException notReleased) {
      throw new UncheckedIOException(notReleased);
    }
  }

  private static VertxOptions loops() {
    return new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors());
  }
}
