package io.signalbox.hub.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.signalbox.hub.http.PeerTimeout;
import io.signalbox.hub.text.Utf8Validator;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server side of a WebSocket connection, after the opening handshake.
 *
 * <p>Netty's decoder in front of it checks single frames (masks, reserved bits and opcodes, control
 * frames, close payloads: RFC 6455, sections 5.2 to 5.5); this class checks messages: fragments,
 * UTF-8, size, and the closing handshake.
 *
 * <p>Writes of one event loop turn are flushed once, at the end of the turn: the flush is a system
 * call and costs more than everything else. While the peer does not read, the hub does not read
 * from it either, so that the pending output is limited by what one read can cause.
 *
 * <p>Threading: the connection's event loop only. Thousands of connections are idle, so every field
 * counts.
 */
public final class WebSocketConnection extends ChannelInboundHandlerAdapter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

  /** Section 7.4.2; Netty's decoder checks the lower bounds only. */
  private static final int HIGHEST_CODE = 4999;

  private static final byte OPEN = 0;
  private static final byte CLOSING = 1;
  private static final byte OVER = 2;

  private final WebSocketLoop loop;
  private final Channel channel;
  private final String client;
  private @Nullable WebSocketListener listener;
  private @Nullable FragmentAssembler fragments;

  /** Index in the loop's list; set by {@link WebSocketLoop}. */
  int slot = -1;

  private int heardAt;
  private byte state = OPEN;
  private boolean pinged;
  private boolean flushDue;
  private boolean held;
  private boolean notified;

  /**
   * Takes over a connection.
   *
   * @param client address of the client for the log
   */
  WebSocketConnection(WebSocketLoop loop, Channel channel, String client) {
    this.loop = loop;
    this.channel = channel;
    this.client = client;
    this.heardAt = loop.seconds();
  }

  /** Starts to read and to call the listener. */
  public void start(WebSocketListener newListener) {
    listener = newListener;
    loop.add(this);
    channel.config().setAutoRead(true);
  }

  /** The connections of this event loop. */
  public WebSocketLoop loop() {
    return loop;
  }

  /** Whether messages can still be sent. */
  public boolean isOpen() {
    return state == OPEN && channel.isActive();
  }

  /**
   * False while the output buffer is full; {@link WebSocketListener#onWritable()} is called when it
   * has drained.
   */
  public boolean isWritable() {
    return channel.isWritable();
  }

  /** Sends a text message; takes ownership of the buffer. */
  public void sendText(ByteBuf payload) {
    send(FrameEncoder.TEXT, payload);
  }

  /** Sends a binary message; takes ownership of the buffer. */
  public void sendBinary(ByteBuf payload) {
    send(FrameEncoder.BINARY, payload);
  }

  /** Flushes now, not at the end of the turn. */
  public void flush() {
    channel.flush();
  }

  /** Allocates a buffer for a message. */
  public ByteBuf buffer(int bytes) {
    return channel.alloc().buffer(bytes);
  }

  /** Stops reading until {@link #resume()}, as back-pressure on the peer. */
  public void pause() {
    held = true;
    channel.config().setAutoRead(false);
  }

  /** Reads again after {@link #pause()}. */
  public void resume() {
    held = false;
    heardAt = loop.seconds();
    if (channel.isWritable() || state != OPEN) {
      channel.config().setAutoRead(true);
    }
  }

  /** Starts the closing handshake (RFC 6455, section 7.1.2); the listener gets no more messages. */
  public void close(int code, String reason) {
    if (state != OPEN) {
      return;
    }
    send(FrameEncoder.CLOSE, FrameEncoder.closePayload(channel.alloc(), code, reason));
    state = CLOSING;
    channel.flush();
    // The peer's close frame has to be read, even if reading was paused.
    channel.config().setAutoRead(true);
    int closeTimeout = loop.settings().closeSeconds();
    Future<?> unused = channel.eventLoop().schedule(this::end, closeTimeout, TimeUnit.SECONDS);
    over(code, reason);
  }

  /**
   * Closes a connection that violated the protocol, without waiting for the peer's close frame
   * (section 7.1.7).
   */
  private void fail(int code, String reason) {
    close(code, reason);
    if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      // Only our half: closing both could reset the connection before the peer has read the reason.
      Future<?> unused = duplex.shutdownOutput();
    }
  }

  /** Closes the TCP connection; a failure only means that it is closed already. */
  private void end() {
    Future<?> unused = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof WebSocketFrame frame && state != OVER) {
        loop.context().dispatch(frame, this::receive);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Counts any received bytes as a sign of life: a large frame on a slow line takes long. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    heardAt = loop.seconds();
    pinged = false;
  }

  private void receive(WebSocketFrame frame) {
    try {
      if (frame instanceof CloseWebSocketFrame close) {
        closedByPeer(close);
      } else if (state == OPEN) {
        switch (frame) {
          case TextWebSocketFrame text -> data(text, true);
          case BinaryWebSocketFrame binary -> data(binary, false);
          case ContinuationWebSocketFrame next -> continued(next);
          case PingWebSocketFrame ping -> send(FrameEncoder.PONG, ping.content().retain());
          default -> {} // A pong has no content; its arrival was already recorded.
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("Message of {} failed", client, e);
      close(CloseCode.INTERNAL, "internal error while handling this message");
    }
  }

  private void data(WebSocketFrame frame, boolean text) {
    ByteBuf payload = frame.content();
    if (!frame.isFinalFragment()) {
      fragments = new FragmentAssembler(text);
      continued(frame);
    } else if (text && Utf8Validator.check(Utf8Validator.START, payload) != Utf8Validator.START) {
      fail(CloseCode.INVALID_PAYLOAD, "the text message is not valid UTF-8");
    } else {
      deliver(text, payload);
    }
  }

  private void continued(WebSocketFrame frame) {
    FragmentAssembler message = fragments;
    if (message == null) {
      fail(CloseCode.PROTOCOL_ERROR, "continuation frame without a first frame");
    } else if (!message.fits(frame.content(), loop.settings().maxMessageBytes())) {
      fail(CloseCode.TOO_LARGE, "the message exceeds " + loop.settings().maxMessageBytes() + " B");
    } else if (!message.add(channel.alloc(), frame.content(), frame.isFinalFragment())) {
      fail(CloseCode.INVALID_PAYLOAD, "the text message is not valid UTF-8");
    } else if (frame.isFinalFragment()) {
      fragments = null;
      try {
        deliver(message.isText(), message.payload());
      } finally {
        message.release();
      }
    }
  }

  private void deliver(boolean text, ByteBuf payload) {
    WebSocketListener hearing = listener;
    if (hearing != null) {
      hearing.onMessage(text, payload);
    }
  }

  private void closedByPeer(CloseWebSocketFrame frame) {
    if (state == CLOSING) {
      state = OVER;
      end();
      closeAcknowledged();
      return;
    }
    if (frame.statusCode() > HIGHEST_CODE) {
      fail(CloseCode.PROTOCOL_ERROR, "invalid close code " + frame.statusCode());
      return;
    }
    state = OVER;
    // Section 5.5.1: the server echoes the close code, then closes the connection.
    ByteBuf echo = frame.content().retainedDuplicate();
    Future<?> unused =
        FrameEncoder.write(channel, FrameEncoder.CLOSE, echo, channel.newPromise())
            .addListener(ChannelFutureListener.CLOSE);
    channel.flush();
    over(frame.statusCode() < 0 ? CloseCode.NO_CODE : frame.statusCode(), frame.reasonText());
  }

  private void over(int code, String reason) {
    loop.remove(this);
    if (fragments != null) {
      fragments.release();
      fragments = null;
    }
    WebSocketListener hearing = listener;
    if (hearing != null && !notified) {
      notified = true;
      hearing.onClosed(code, reason);
    }
  }

  private void closeAcknowledged() {
    WebSocketListener hearing = listener;
    if (hearing != null) {
      hearing.onCloseAcknowledged();
    }
  }

  private void send(int opcode, ByteBuf payload) {
    if (!isOpen()) {
      payload.release();
      return;
    }
    Future<?> unused = FrameEncoder.write(channel, opcode, payload, channel.voidPromise());
    if (!flushDue) {
      flushDue = true;
      channel.eventLoop().execute(this);
    }
  }

  /** Flushes the writes of a turn, at its end. */
  @Override
  public void run() {
    flushDue = false;
    channel.flush();
  }

  /** Called twice a heartbeat. */
  void checkHeartbeat(int heartbeatSeconds) {
    int silent = loop.seconds() - heardAt;
    if (held) {
      heardAt = loop.seconds();
    } else if (silent >= 2 * heartbeatSeconds) {
      close(CloseCode.SILENT, "nothing was received for " + silent + " s");
    } else if (silent >= heartbeatSeconds && !pinged) {
      pinged = true;
      send(FrameEncoder.PING, buffer(0));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    boolean writable = channel.isWritable();
    if (state == OPEN) {
      channel.config().setAutoRead(writable && !held);
      WebSocketListener hearing = listener;
      if (writable && hearing != null) {
        loop.context().dispatch(hearing, WebSocketListener::onWritable);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (PeerTimeout.hasClosed(channel)) {
      unacknowledged();
    }
    state = OVER;
    loop.context().dispatch(this, socket -> socket.over(CloseCode.BROKEN, "the connection broke"));
  }

  /** Called for every pending write as well; counted once. */
  private void unacknowledged() {
    if (state != OVER) {
      state = OVER;
      String detail = loop.faults().countUnacknowledged(channel);
      loop.context().dispatch(this, socket -> socket.over(CloseCode.SILENT, detail));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      fail(corrupted.closeStatus().code(), String.valueOf(corrupted.getMessage()));
    } else {
      if (PeerTimeout.isCause(cause)) {
        unacknowledged();
      } else if (!(cause instanceof IOException)) {
        LOG.warn("Connection of {} failed", client, cause);
      }
      end();
    }
  }
}
