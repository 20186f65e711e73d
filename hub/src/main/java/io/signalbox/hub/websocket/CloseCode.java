package io.signalbox.hub.websocket;

/** Close codes of RFC 6455, section 7.4.1, and the hub's own in the range for applications. */
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

  /** The key was revoked: do not reconnect with it. */
  public static final int REVOKED = 4401;

  /**
   * Nothing was received for two heartbeats. Also reported, but not sent, if the peer did not
   * acknowledge.
   */
  public static final int SILENT = 4408;

  /** A newer session of the same device took over. */
  public static final int REPLACED = 4409;

  /** The client fell behind the feed; the reason is the cursor to resume from. */
  public static final int BEHIND = 4413;

  /** Too many messages. */
  public static final int RATE_LIMITED = 4429;

  /** The hub cannot serve this connection now: reconnect later. */
  public static final int UNAVAILABLE = 4503;

  private CloseCode() {}
}
