package io.signalbox.hub.recorder;

import io.signalbox.hub.model.SessionEnd;

/** Texts for the ends of sessions, and for the reasons why commands are delivered again. */
public final class CauseText {
  private CauseText() {}

  /** A clause for how a session ended, to stand after a colon. */
  public static String words(SessionEnd end) {
    return switch (end) {
      case SessionEnd.Cause cause -> ofCause(cause);
      case SessionEnd.Replaced replaced ->
          "a newer session with the same key replaced it"
              + (replaced.address().isEmpty() ? "" : ": " + replaced.address());
      case SessionEnd.ClosedWithCode closed -> ofCode(closed.code());
      case SessionEnd.Unknown unknown -> unknown.text();
    };
  }

  /**
   * A clause for a reason from the timeline of a device or of a command, where it stands as text.
   */
  public static String words(String reason) {
    return switch (reason) {
      case "lease-expired" -> "its lease expired before the device answered";
      case "write-failed" -> "the response to the poll could not be written";
      case "never-seen" -> "it had never connected";
      default -> words(SessionEnd.of(reason));
    };
  }

  private static String ofCause(SessionEnd.Cause cause) {
    return switch (cause) {
      case CLOSED -> "the device closed the connection";
      case LOST -> "the connection was lost without a closing handshake";
      case SILENT ->
          "nothing was received from it for two heartbeats, so the hub closed the connection";
      case OVERDUE -> "it has not polled for far longer than planned";
      case DRAINING -> "the hub was stopping and closed the connection";
      case HUB_RESTARTED -> "the hub was restarted";
      case NODE_LOST -> "the node of the hub that held its session stopped answering";
      case REVOKED -> "its key was replaced, and the old key is no longer valid";
      case DISABLED -> "it was disabled";
      case DELETED -> "it was deleted";
    };
  }

  private static String ofCode(int code) {
    return switch (code) {
      case 1002 -> "it violated the WebSocket protocol (close code 1002)";
      case 1003 -> "it sent frames of the wrong type, text or binary (close code 1003)";
      case 1007 -> "it sent text that is not UTF-8 (close code 1007)";
      case 1008 -> "it violated a rule of the hub (close code 1008)";
      case 1009 -> "it sent a message over the size limit (close code 1009)";
      case 1011 -> "the hub failed to process one of its messages (close code 1011)";
      case 4429 -> "it exceeded its rate limit (close code 4429)";
      default -> "the connection was closed with code " + code;
    };
  }
}
