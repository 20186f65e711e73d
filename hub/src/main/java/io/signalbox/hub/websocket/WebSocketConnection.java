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
 * One WebSocket connection, server side, after its opening handshake.
 *
 * <p>Netty's decoder ahead of it keeps the rules on single frames (masks, reserved bits and
 * opcodes, control frames, close payloads: RFC 6455 sections 5.2 to 5.5); this class keeps those on
 * messages: fragments, UTF-8, size, and the closing handshake.
 *
 * <p>What is written during one turn of the event loop is flushed once, at the end of the turn: the
 * flush is a system call and costs more than all the rest. While the peer does not read what we
 * write, it is not read from either, so that what waits for it stays bounded by what one read can
 * cause.
 *
 * <p>Threading: the connection's event loop only. Thousands of these are idle: every field is
 * counted.
 */
public final class WebSocketConnection extends ChannelInboundHandlerAdapter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

  /** Section 7.4.2; Netty's decoder knows the lower bounds only. */
  private static final int HIGHEST_CODE = 4999;

  private static final byte OPEN = 0;
  private static final byte CLOSING = 1;
  private static final byte OVER = 2;

  private final WebSocketLoop loop;
  private final Channel channel;
  private final String client;
  private @Nullable WebSocketListener listener;
  private @Nullable FragmentAssembler fragments;

  /** Place in the loop's list; kept by {@link WebSocketLoop}. */
  int slot = -1;

  private int heardAt;
  private byte state = OPEN;
  private boolean pinged;
  private boolean flushDue;
  private boolean held;
  private boolean notified;

  /**
   * Takes a connection over.
   *
   * @param client address of who is at its end, as the log has it
   */
  WebSocketConnection(WebSocketLoop loop, Channel channel, String client) {
    this.loop = loop;
    this.channel = channel;
    this.client = client;
    this.heardAt = loop.seconds();
  }

  /** Begins to read and to call the listener. */
  public void start(WebSocketListener newListener) {
    listener = newListener;
    loop.add(this);
    channel.config().setAutoRead(true);
  }

  /** The event loop's connections. */
  public WebSocketLoop loop() {
    return loop;
  }

  /** Whether messages may still be sent. */
  public boolean isOpen() {
    return state == OPEN && channel.isActive();
  }

  /**
   * False while more waits to be written than the peer takes; {@link
   * WebSocketListener#onWritable()} tells when it ends.
   */
  public boolean isWritable() {
    return channel.isWritable();
  }

  /** Sends a text message; takes the buffer over. */
  public void sendText(ByteBuf payload) {
    send(FrameEncoder.TEXT, payload);
  }

  /** Sends a binary message; takes the buffer over. */
  public void sendBinary(ByteBuf payload) {
    send(FrameEncoder.BINARY, payload);
  }

  /** Lets what was sent go at once, not at the end of the turn. */
  public void flush() {
    channel.flush();
  }

  /** Room for a message to send. */
  public ByteBuf buffer(int bytes) {
    return channel.alloc().buffer(bytes);
  }

  /** Stops reading until {@link #resume()}: back-pressure to the peer. */
  public void pause() {
    held = true;
    channel.config().setAutoRead(false);
  }

  /** Reads again. */
  public void resume() {
    held = false;
    heardAt = loop.seconds();
    if (channel.isWritable() || state != OPEN) {
      channel.config().setAutoRead(true);
    }
  }

  /** Starts the closing handshake (RFC 6455 section 7.1.2); the listener hears no more messages. */
  public void close(int code, String reason) {
    if (state != OPEN) {
      return;
    }
    send(FrameEncoder.CLOSE, FrameEncoder.closePayload(channel.alloc(), code, reason));
    state = CLOSING;
    channel.flush();
    // The peer's close frame has to be read, whatever held us back.
    channel.config().setAutoRead(true);
    int closeTimeout = loop.settings().closeSeconds();
    Future<?> unused = channel.eventLoop().schedule(this::end, closeTimeout, TimeUnit.SECONDS);
    over(code, reason);
  }

  /**
   * Closes a connection that broke the protocol: nothing of the peer's is waited for (section
   * 7.1.7).
   */
  private void fail(int code, String reason) {
    close(code, reason);
    if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      // Our half only: ending both at once could reset the connection before the peer has read why.
      Future<?> unused = duplex.shutdownOutput();
    }
  }

  /** Ends the TCP connection; a failure to do so can only mean that it has ended already. */
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

  /** Bytes came, a whole frame or not: a large one on a slow line is no silence. */
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
          default -> {} // A pong: that it was heard is all we want of it.
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("a message of {} could not be handled", client, e);
      close(CloseCode.INTERNAL, "the hub failed on this message");
    }
  }

  private void data(WebSocketFrame frame, boolean text) {
    ByteBuf payload = frame.content();
    if (!frame.isFinalFragment()) {
      fragments = new FragmentAssembler(text);
      continued(frame);
    } else if (text && Utf8Validator.check(Utf8Validator.START, payload) != Utf8Validator.START) {
      fail(CloseCode.INVALID_PAYLOAD, "the text is not UTF-8");
    } else {
      deliver(text, payload);
    }
  }

  private void continued(WebSocketFrame frame) {
    FragmentAssembler message = fragments;
    if (message == null) {
      fail(CloseCode.PROTOCOL_ERROR, "a continuation without a beginning");
    } else if (!message.fits(frame.content(), loop.settings().maxMessageBytes())) {
      fail(CloseCode.TOO_LARGE, "the message is over " + loop.settings().maxMessageBytes() + " B");
    } else if (!message.add(channel.alloc(), frame.content(), frame.isFinalFragment())) {
      fail(CloseCode.INVALID_PAYLOAD, "the text is not UTF-8");
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
      fail(CloseCode.PROTOCOL_ERROR, "there is no close code " + frame.statusCode());
      return;
    }
    state = OVER;
    // Section 5.5.1: the close is answered with its own code, then the server ends the connection.
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

  /** The end of the turn: what was written in it goes out. */
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
      close(CloseCode.SILENT, "nothing was heard for " + silent + " s");
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

  /** Told by every write that waited, too; counted once. */
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
        LOG.warn("the connection of {} failed", client, cause);
      }
      end();
    }
  }
}
