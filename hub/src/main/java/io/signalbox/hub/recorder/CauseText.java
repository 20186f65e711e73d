package io.signalbox.hub.recorder;

/** Texts for the causes of a session's end. */
public final class CauseText {
  private static final String REPLACED_BY = "replaced by ";
  private static final String WITH_CODE = "closed-with-";

  private CauseText() {}

  /** A clause for a presence cause, to stand after a colon. */
  public static String words(String cause) {
    if (cause.startsWith(WITH_CODE)) {
      return ofCode(cause.substring(WITH_CODE.length()));
    }
    if (cause.startsWith("replaced")) {
      return "a newer session with the same key replaced it" + byWhom(cause);
    }
    return switch (cause) {
      case "closed" -> "the device closed the connection";
      case "lost" -> "the connection was lost without a closing handshake";
      case "silent" ->
          "nothing was received from it for two heartbeats, so the hub closed the connection";
      case "hub-restarted" -> "the hub was restarted";
      case "draining" -> "the hub was stopping and closed the connection";
      case "revoked" -> "its key was replaced, and the old key is no longer valid";
      case "disabled" -> "it was disabled";
      case "deleted" -> "it was deleted";
      case "overdue" -> "it has not polled for far longer than planned";
      case "lease-expired" -> "its lease expired before the device answered";
      case "write-failed" -> "the response to the poll could not be written";
      case "never-seen" -> "it had never connected";
      default -> cause;
    };
  }

  private static String byWhom(String cause) {
    String whom = cause.startsWith(REPLACED_BY) ? cause.substring(REPLACED_BY.length()) : "";
    return whom.isEmpty() ? "" : ": " + whom.split(";", 2)[0];
  }

  private static String ofCode(String code) {
    return switch (code) {
      case "1002" -> "it violated the WebSocket protocol (close code 1002)";
      case "1003" -> "it sent frames of the wrong type, text or binary (close code 1003)";
      case "1007" -> "it sent text that is not UTF-8 (close code 1007)";
      case "1008" -> "it violated a rule of the hub (close code 1008)";
      case "1009" -> "it sent a message over the size limit (close code 1009)";
      case "1011" -> "the hub failed to process one of its messages (close code 1011)";
      case "4429" -> "it exceeded its rate limit (close code 4429)";
      default -> "the connection was closed with code " + code;
    };
  }
}
