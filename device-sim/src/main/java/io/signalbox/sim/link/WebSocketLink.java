package io.signalbox.sim.link;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A device's WebSocket to the hub: frames in and out, nothing else. Touched by the loop on which it
 * was opened, and tells its events there. After {@link #close} or {@link #cut} it is silent.
 */
public final class WebSocketLink {
  private static final short NORMAL = 1000;
  private static final int NO_GOODBYE = 1006;

  private final Encoding encoding;
  private final ClientWebSocket socket;
  private Consumer<LinkEvent> listener;
  private boolean draining;
  private boolean open;
  private boolean leaving;

  private WebSocketLink(Encoding encoding, ClientWebSocket socket, Consumer<LinkEvent> listener) {
    this.encoding = encoding;
    this.socket = socket;
    this.listener = listener;
  }

  /** Calls the hub with the device's key; what comes of it is told to {@code listener}. */
  public static WebSocketLink open(Door door, String key, Consumer<LinkEvent> listener) {
    ClientWebSocket socket = door.client().webSocket();
    WebSocketLink link = new WebSocketLink(door.encoding(), socket, listener);
    // Handlers come first: the hub's welcome may arrive with its answer to the handshake.
    socket.textMessageHandler(text -> link.received(FrameReader.json(text)));
    socket.binaryMessageHandler(bytes -> link.received(FrameReader.cbor(bytes.getBytes())));
    socket.closeHandler(end -> link.closed());
    socket.exceptionHandler(WebSocketLink::isFollowedByClose);
    door.rings();
    socket
        .connect(door.call(key))
        .onComplete(answer -> door.answered())
        .onSuccess(up -> link.opened())
        .onFailure(link::notOpened);
    return link;
  }

  private static void isFollowedByClose(Throwable fault) {
    // A broken connection is told once, by the close handler.
  }

  private void opened() {
    open = true;
    if (leaving) {
      goodbye();
    }
  }

  private void received(HubFrame frame) {
    tell(new LinkEvent.Received(frame));
  }

  private void closed() {
    Short code = socket.closeStatusCode();
    String reason = socket.closeReason();
    end(new LinkEvent.Closed(code == null ? NO_GOODBYE : code, reason == null ? "" : reason));
  }

  private void notOpened(Throwable fault) {
    end(
        fault instanceof UpgradeRejectedException refused
            ? new LinkEvent.NotOpened(
                refused.getStatus(), Refusals.detail(refused), Refusals.retryAfter(refused))
            : new LinkEvent.NotOpened(0, String.valueOf(fault.getMessage()), Duration.ZERO));
  }

  private void end(LinkEvent event) {
    Consumer<LinkEvent> last = listener;
    listener = nobody -> {};
    last.accept(event);
  }

  private void tell(LinkEvent event) {
    listener.accept(event);
  }

  /** Sends a frame. A link that breaks meanwhile tells so by its end. */
  public void send(DeviceFrame frame) {
    if (socket.isClosed()) {
      return;
    }
    (switch (encoding) {
          case JSON -> socket.writeTextMessage(FrameWriter.json(frame));
          case CBOR -> socket.writeBinaryMessage(Buffer.buffer(FrameWriter.cbor(frame)));
        })
        .onFailure(WebSocketLink::isFollowedByClose);
  }

  /** Whether more waits to be written than is good; {@link LinkEvent.Drained} follows. */
  public boolean full() {
    if (socket.isClosed()) {
      // The goodbyes are being said: the end will be told when they are.
      return true;
    }
    if (!socket.writeQueueFull()) {
      return false;
    }
    if (!draining) {
      draining = true;
      socket.drainHandler(room -> drained());
    }
    return true;
  }

  private void drained() {
    draining = false;
    tell(new LinkEvent.Drained());
  }

  /** Says goodbye, as soon as that is possible. */
  public void close() {
    listener = nobody -> {};
    leaving = true;
    if (open) {
      goodbye();
    }
  }

  private void goodbye() {
    socket.close(NORMAL, "done").onFailure(WebSocketLink::isFollowedByClose);
  }

  /** Cuts the wire: no goodbye, as when a device loses its network. */
  public void cut() {
    // The public API can only close politely, so this reaches for the channel below it.
    if (open && socket instanceof WebSocketInternal wire) {
      listener = nobody -> {};
      var unused = wire.channelHandlerContext().close();
    } else {
      close();
    }
  }
}
