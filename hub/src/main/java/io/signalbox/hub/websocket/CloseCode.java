package io.signalbox.hub.websocket;

/** Close codes of RFC 6455 section 7.4.1, and our own of the range for applications. */
public final class CloseCode {
  public static final int NORMAL = 1000;
  public static final int GOING_AWAY = 1001;
  public static final int PROTOCOL_ERROR = 1002;
  public static final int UNSUPPORTED_DATA = 1003;

  /** Never sent: the peer's close frame had no code. */
  public static final int NO_CODE = 1005;

  /** Never sent: the connection broke without a close frame. */
  public static final int BROKEN = 1006;

  public static final int INVALID_PAYLOAD = 1007;
  public static final int POLICY = 1008;
  public static final int TOO_LARGE = 1009;
  public static final int INTERNAL = 1011;

  /** The key was revoked: do not come back with it. */
  public static final int REVOKED = 4401;

  /** Nothing was heard for two heartbeats; or, then never sent, nothing was acknowledged. */
  public static final int SILENT = 4408;

  /** A newer session of the same device took over. */
  public static final int REPLACED = 4409;

  /** The consumer fell behind the feed; the reason is the cursor to resume from. */
  public static final int BEHIND = 4413;

  /** Too many messages. */
  public static final int TOO_FAST = 4429;

  /** The hub cannot go on with this connection now: come back later. */
  public static final int UNAVAILABLE = 4503;

  private CloseCode() {}
}
