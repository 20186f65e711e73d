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

/** Opens all links of one event loop. */
public final class LinkConnector {
  private final LinkContext linkContext;
  private final WebSocketConnector sockets;
  private final HttpConnector http;

  /** Creates a connector; must be called on its event loop. */
  public LinkConnector(Vertx vertx, LinkContext linkContext, PollingOptions pollingOptions) {
    this.linkContext = linkContext;
    this.sockets = new WebSocketConnector(vertx, linkContext);
    this.http = new HttpConnector(vertx, linkContext, pollingOptions);
  }

  /** Whether the limit of pending connection attempts is reached. */
  public boolean isBusy() {
    return linkContext.inFlight().isBusy();
  }

  /** Opens a link with a device's key and reports events to {@code listener}. */
  public Link open(TransportKind transport, String key, Consumer<LinkEvent> listener) {
    return switch (transport) {
      case WEBSOCKET -> WebSocketLink.open(sockets, key, listener);
      case SSE -> SseLink.open(http, key, listener);
      case LONGPOLL -> LongPollLink.open(http, key, listener);
      case ADAPTIVE -> AdaptiveLink.open(http, key, listener);
      case POLL -> ShortPollLink.open(http, key, listener);
    };
  }
}
