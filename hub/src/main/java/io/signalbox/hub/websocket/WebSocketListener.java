package io.signalbox.hub.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Receives the events of a connection, on its event loop. An exception from a listener closes the
 * connection with 1011.
 */
public interface WebSocketListener {
  /**
   * A complete message has arrived.
   *
   * @param text true for a text message (its bytes are valid UTF-8), false for a binary one
   * @param payload borrowed: it is released after the call
   */
  void onMessage(boolean text, ByteBuf payload);

  /** The peer reads again, after {@link WebSocketConnection#isWritable()} was false. */
  default void onWritable() {}

  /**
   * Called once, after the last message.
   *
   * @param code the close code that was sent or received; 1005 without one, 1006 if the connection
   *     broke, 4408 also if the peer did not acknowledge what was sent
   * @param reason the reason as text
   */
  void onClosed(int code, String reason);

  /** The peer has answered a close that the hub started. Not called if it does not answer. */
  default void onCloseAcknowledged() {}
}
