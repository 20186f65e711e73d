package io.signalbox.sim.door;

import io.signalbox.sim.http.AdaptiveLink;
import io.signalbox.sim.http.HttpDoor;
import io.signalbox.sim.http.LongPollLink;
import io.signalbox.sim.http.PollLink;
import io.signalbox.sim.http.StreamLink;
import io.signalbox.sim.http.Visits;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.Switchboard;
import io.signalbox.sim.link.Way;
import io.signalbox.sim.websocket.SocketDoor;
import io.signalbox.sim.websocket.WebSocketLink;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/** The hub's device door as one event loop sees it: every link of the loop is opened here. */
public final class Door {
  private final Switchboard board;
  private final SocketDoor sockets;
  private final HttpDoor http;

  /** A door; to be made on the loop that will use it. */
  public Door(Vertx vertx, Switchboard board, Visits visits) {
    this.board = board;
    this.sockets = new SocketDoor(vertx, board);
    this.http = new HttpDoor(vertx, board, visits);
  }

  /** Whether so many calls are unanswered that another had better wait. */
  public boolean isBusy() {
    return board.bell().isBusy();
  }

  /** Calls the hub with a device's key; what comes of it is told to {@code listener}. */
  public Link open(Way way, String key, Consumer<LinkEvent> listener) {
    return switch (way) {
      case WEBSOCKET -> WebSocketLink.open(sockets, key, listener);
      case SSE -> StreamLink.open(http, key, listener);
      case LONGPOLL -> LongPollLink.open(http, key, listener);
      case ADAPTIVE -> AdaptiveLink.open(http, key, listener);
      case POLL -> PollLink.open(http, key, listener);
    };
  }
}
