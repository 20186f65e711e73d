package io.signalbox.sim.websocket;

import io.signalbox.sim.link.ByteMeter;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.DeviceFrameEncoder;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.HubFrameDecoder;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.RetryHints;
import io.signalbox.sim.link.TransportKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.function.Consumer;

/**
 * WebSocket link of a device. Sends a ping after half a heartbeat without sent frames, and closes
 * after two heartbeats without received data.
 */
public final class WebSocketLink implements Link {
  private static final short NORMAL = 1000;

  private final WebSocketConnector connector;
  private final ClientWebSocket socket;
  private Consumer<LinkEvent> listener;
  private boolean draining;
  private boolean open;
  private boolean leaving;
  private long heartbeatMillis;
  private long lastSent;
  private long lastReceived;

  private WebSocketLink(
      WebSocketConnector connector, ClientWebSocket socket, Consumer<LinkEvent> listener) {
    this.connector = connector;
    this.socket = socket;
    this.listener = listener;
  }

  /** Opens the link with the device's key and reports events to {@code listener}. */
  public static WebSocketLink open(
      WebSocketConnector connector, String key, Consumer<LinkEvent> listener) {
    ClientWebSocket socket = connector.client().webSocket();
    WebSocketLink link = new WebSocketLink(connector, socket, listener);
    // Set the handlers first: the welcome may arrive together with the handshake response.
    socket.textMessageHandler(text -> link.received(HubFrameDecoder.json(text)));
    socket.binaryMessageHandler(bytes -> link.received(HubFrameDecoder.cbor(bytes.getBytes())));
    socket.pongHandler(pong -> link.received());
    socket.closeHandler(end -> link.closed());
    socket.exceptionHandler(WebSocketLink::isFollowedByClose);
    connector.context().inFlight().started();
    socket
        .connect(connector.call(key))
        .onComplete(answer -> connector.context().inFlight().answered())
        .onSuccess(up -> link.opened())
        .onFailure(link::notOpened);
    return link;
  }

  private static void isFollowedByClose(Throwable fault) {
    // The close handler reports a broken connection.
  }

  private void opened() {
    open = true;
    if (socket instanceof WebSocketInternal internal) {
      internal
          .channelHandlerContext()
          .pipeline()
          .addFirst(new ByteMeter(connector.context().counts(TransportKind.WEBSOCKET)));
    }
    if (leaving) {
      closeFrame();
    }
  }

  private void received(HubFrame frame) {
    received();
    if (frame instanceof HubFrame.Welcome welcome) {
      heartbeatMillis = welcome.heartbeatSeconds() * 1000L;
      lastSent = lastReceived;
    }
    listener.accept(new LinkEvent.Received(frame));
  }

  private void received() {
    lastReceived = connector.context().now();
  }

  private void closed() {
    Short code = socket.closeStatusCode();
    String reason = socket.closeReason();
    int number = code == null ? LinkEvent.Closed.NO_CLOSE_FRAME : code;
    end(new LinkEvent.Closed(number, reason == null ? "" : reason));
  }

  private void notOpened(Throwable fault) {
    end(
        fault instanceof UpgradeRejectedException refused
            ? refused(refused)
            : LinkEvent.NotOpened.unanswered(fault));
  }

  private static LinkEvent refused(UpgradeRejectedException refused) {
    int status = refused.getStatus();
    Buffer body = refused.getBody();
    String detail = RetryHints.detail(status, body == null ? new byte[0] : body.getBytes());
    String after = refused.getHeaders().get("Retry-After");
    return new LinkEvent.NotOpened(status, true, detail, RetryHints.retryAfter(after));
  }

  private void end(LinkEvent event) {
    Consumer<LinkEvent> last = listener;
    listener = nobody -> {};
    last.accept(event);
  }

  @Override
  public void act(long now) {
    if (heartbeatMillis == 0) {
      return;
    }
    if (now - lastReceived >= 2 * heartbeatMillis) {
      Consumer<LinkEvent> last = listener;
      cut();
      last.accept(
          new LinkEvent.Closed(
              LinkEvent.Closed.NO_CLOSE_FRAME, "no data from the hub for two heartbeats"));
    } else if (now - lastSent >= heartbeatMillis / 2) {
      send(new DeviceFrame.Ping());
    }
  }

  @Override
  public long dueAt() {
    return heartbeatMillis == 0
        ? Long.MAX_VALUE
        : Math.min(lastSent + heartbeatMillis / 2, lastReceived + 2 * heartbeatMillis);
  }

  @Override
  public void nudge(long now) {
    // It never sleeps.
  }

  @Override
  public void hurry(long now) {
    // It never sleeps.
  }

  @Override
  public void send(DeviceFrame frame) {
    if (socket.isClosed()) {
      return;
    }
    lastSent = connector.context().now();
    (connector.context().encoding() == Encoding.JSON
            ? socket.writeTextMessage(DeviceFrameEncoder.json(frame))
            : socket.writeBinaryMessage(Buffer.buffer(DeviceFrameEncoder.cbor(frame))))
        .onFailure(WebSocketLink::isFollowedByClose);
  }

  @Override
  public boolean isFull() {
    if (socket.isClosed()) {
      // The close handshake is running; its end is reported later.
      return true;
    }
    if (!socket.writeQueueFull()) {
      return false;
    }
    if (!draining) {
      draining = true;
      socket.drainHandler(writable -> drained());
    }
    return true;
  }

  private void drained() {
    draining = false;
    listener.accept(new LinkEvent.StateChanged());
  }

  @Override
  public boolean isAwake() {
    return true;
  }

  @Override
  public boolean confirmsResults() {
    return false;
  }

  @Override
  public void close() {
    listener = nobody -> {};
    leaving = true;
    if (open) {
      closeFrame();
    }
  }

  private void closeFrame() {
    socket.close(NORMAL, "done").onFailure(WebSocketLink::isFollowedByClose);
  }

  @Override
  public void cut() {
    // The public API only offers an orderly close, so this closes the Netty channel.
    if (open && socket instanceof WebSocketInternal internal) {
      listener = nobody -> {};
      var unused = internal.channelHandlerContext().close();
    } else {
      close();
    }
  }
}
