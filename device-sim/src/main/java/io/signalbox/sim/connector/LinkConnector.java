package io.signalbox.sim.connector;

import io.signalbox.sim.http.AdaptiveLink;
import io.signalbox.sim.http.HttpConnector;
import io.signalbox.sim.http.LongPollLink;
import io.signalbox.sim.http.PollingOptions;
import io.signalbox.sim.http.ShortPollLink;
import io.signalbox.sim.http.SseLink;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkContext;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TransportKind;
import io.signalbox.sim.websocket.WebSocketConnector;
import io.signalbox.sim.websocket.WebSocketLink;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/** The hub's device door as one event loop sees it: every link of the loop is opened here. */
public final class LinkConnector {
  private final LinkContext board;
  private final WebSocketConnector sockets;
  private final HttpConnector http;

  /** A door; to be made on the loop that will use it. */
  public LinkConnector(Vertx vertx, LinkContext board, PollingOptions pollingOptions) {
    this.board = board;
    this.sockets = new WebSocketConnector(vertx, board);
    this.http = new HttpConnector(vertx, board, pollingOptions);
  }

  /** Whether so many calls are unanswered that another had better wait. */
  public boolean isBusy() {
    return board.inFlight().isBusy();
  }

  /** Calls the hub with a device's key; what comes of it is told to {@code listener}. */
  public Link open(TransportKind way, String key, Consumer<LinkEvent> listener) {
    return switch (way) {
      case WEBSOCKET -> WebSocketLink.open(sockets, key, listener);
      case SSE -> SseLink.open(http, key, listener);
      case LONGPOLL -> LongPollLink.open(http, key, listener);
      case ADAPTIVE -> AdaptiveLink.open(http, key, listener);
      case POLL -> ShortPollLink.open(http, key, listener);
    };
  }
}
