package io.signalbox.hub.model;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a session of a device ended, on any transport. Consumers switch over it; a transport maps it
 * to the codes of its protocol.
 */
public sealed interface SessionEnd {
  /** Ends that need no details. */
  enum Cause implements SessionEnd {
    /** The device closed the connection. */
    CLOSED,
    /** The connection broke without a closing handshake. */
    LOST,
    /** Nothing was received for two heartbeats, or the peer acknowledged nothing. */
    SILENT,
    /** A poller has missed its planned contact for too long. */
    OVERDUE,
    /** The hub stopped. */
    DRAINING,
    /** The hub was restarted without an orderly stop. */
    HUB_RESTARTED,
    /** The node that held the session stopped answering; another node has ended it. */
    NODE_LOST,
    /** The device has a new key. */
    REVOKED,
    /** The device was disabled. */
    DISABLED,
    /** The device was deleted. */
    DELETED;

    private static final Map<String, Cause> BY_TEXT =
        Stream.of(values()).collect(Collectors.toMap(SessionEnd::text, Function.identity()));

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    @Override
    public String text() {
      return text;
    }
  }

  /**
   * A newer session of the device took over.
   *
   * @param address network address of the newer session; empty if unknown
   * @param retryAfterSeconds time for which the device should not return, because two connections
   *     compete for its id; 0 if the id is not contested
   */
  record Replaced(String address, int retryAfterSeconds) implements SessionEnd {
    private static final String WORD = "replaced";
    private static final String BY = WORD + " by ";
    private static final String RETRY_AFTER =
        "; two connections compete for this id; Retry-After: ";
    private static final Pattern TEXT =
        Pattern.compile(BY + "([^;]*)(?:" + RETRY_AFTER + "(\\d{1,9}))?.*", Pattern.DOTALL);

    @Override
    public String text() {
      if (address.isEmpty()) {
        return WORD;
      }
      return retryAfterSeconds == 0 ? BY + address : BY + address + RETRY_AFTER + retryAfterSeconds;
    }

    private static Replaced of(Matcher text) {
      return new Replaced(
          text.group(1), text.group(2) == null ? 0 : Integer.parseInt(text.group(2)));
    }
  }

  /** The connection was closed with an error code of its transport, by either side. */
  record ClosedWithCode(int code) implements SessionEnd {
    private static final String PREFIX = "closed-with-";
    private static final Pattern TEXT = Pattern.compile(PREFIX + "(\\d{1,9})");

    @Override
    public String text() {
      return PREFIX + code;
    }
  }

  /** A stored text that this version of the hub does not know. */
  record Unknown(String text) implements SessionEnd {}

  /**
   * The end in one word or a short phrase: the cause of the device's presence, in the API and in
   * the store; also the reason of a WebSocket close frame, and in the timeline of a command.
   */
  String text();

  /** The end with this text. */
  static SessionEnd of(String text) {
    SessionEnd plain = Cause.BY_TEXT.get(text);
    if (plain != null) {
      return plain;
    }
    if (text.equals(Replaced.WORD)) {
      return new Replaced("", 0);
    }
    Matcher replaced = Replaced.TEXT.matcher(text);
    if (replaced.matches()) {
      return Replaced.of(replaced);
    }
    Matcher closed = ClosedWithCode.TEXT.matcher(text);
    return closed.matches()
        ? new ClosedWithCode(Integer.parseInt(closed.group(1)))
        : new Unknown(text);
  }
}
