package io.signalbox.hub.recorder;

/** Why a session ended, in words for people. */
public final class CauseText {
  private static final String REPLACED_BY = "replaced by ";
  private static final String WITH_CODE = "closed with ";

  private CauseText() {}

  /** A clause that can stand after a colon, for a cause of presence's. */
  public static String words(String cause) {
    if (cause.startsWith(WITH_CODE)) {
      return ofCode(cause.substring(WITH_CODE.length()));
    }
    if (cause.startsWith("replaced")) {
      return "a newer session with the same key took its place" + byWhom(cause);
    }
    return switch (cause) {
      case "closed" -> "the device closed the connection";
      case "lost" -> "the connection was lost without a goodbye";
      case "silent" -> "nothing was heard from it for two heartbeats, so the hub closed it";
      case "hub restarted" -> "the hub was restarted";
      case "draining" -> "the hub was going down and sent it away";
      case "revoked" -> "its key was replaced, and the old one works no more";
      case "disabled" -> "somebody disabled it";
      case "deleted" -> "somebody deleted it";
      case "overdue" -> "it has not polled for far longer than was planned";
      case "lease over" -> "its lease was over, and the device had not answered";
      case "not written" -> "the answer to the poll could not be written";
      case "never seen" -> "it had never connected";
      default -> cause;
    };
  }

  private static String byWhom(String cause) {
    String whom = cause.startsWith(REPLACED_BY) ? cause.substring(REPLACED_BY.length()) : "";
    return whom.isEmpty() ? "" : ": " + whom.split(";", 2)[0];
  }

  private static String ofCode(String code) {
    return switch (code) {
      case "1002" -> "it broke the rules of WebSocket (close code 1002)";
      case "1003" -> "it sent frames of the wrong sort, text or binary (close code 1003)";
      case "1007" -> "it sent text that is not UTF-8 (close code 1007)";
      case "1008" -> "it broke a rule of the hub's (close code 1008)";
      case "1009" -> "it sent a message over the size limit (close code 1009)";
      case "1011" -> "the hub failed on one of its messages (close code 1011)";
      case "4429" -> "it sent too fast (close code 4429)";
      default -> "the connection was closed with code " + code;
    };
  }
}
