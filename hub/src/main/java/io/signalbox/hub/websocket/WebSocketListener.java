package io.signalbox.hub.websocket;

import io.netty.buffer.ByteBuf;

/**
 * What a door wants to hear of a connection. Always called on the connection's event loop. Anything
 * thrown ends the connection with 1011, so nothing escapes.
 */
public interface WebSocketListener {
  /**
   * A whole message came.
   *
   * @param text whether it was a text message (its bytes are valid UTF-8) or a binary one
   * @param payload borrowed: it is released after the call
   */
  void onMessage(boolean text, ByteBuf payload);

  /** The peer reads again after {@link WebSocketConnection#isWritable()} was false. */
  default void onWritable() {}

  /**
   * Called once, when no message will come any more.
   *
   * @param code the close code that was sent or received; 1005 without one, 1006 when the
   *     connection broke, 4408 also when the peer did not acknowledge what was sent
   * @param reason in words
   */
  void onClosed(int code, String reason);

  /** The peer has answered the close that we began: it was there. Not called if it does not. */
  default void onCloseAcknowledged() {}
}
