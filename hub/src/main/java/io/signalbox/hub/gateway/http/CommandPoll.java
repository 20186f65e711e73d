package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.gateway.http.HttpGatewayMetrics.PollKind;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.wire.ExchangeRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A device's request for commands. Created on the event loop of its connection, which also reports
 * a disconnect; read on the device's event loop.
 */
final class CommandPoll {
  private static final int LONGEST_WAIT = 60;
  private static final int MOST = 100;
  private static final String RECEIVED = "received";

  private final PollKind pollKind;
  private final int seconds;
  private final int most;
  private final @Nullable Receipt receipt;
  private volatile boolean abandoned;

  private CommandPoll(PollKind pollKind, int seconds, int most, @Nullable Receipt receipt) {
    this.pollKind = pollKind;
    this.seconds = seconds;
    this.most = most;
    this.receipt = receipt;
  }

  /** Parses the query of a poll. Throws {@code INVALID} with the parameter. */
  static CommandPoll of(String uri) {
    QueryParams query = QueryParams.of(uri, Set.of("wait", "max", RECEIVED));
    int most = query.number("max", 1, MOST, MOST);
    int seconds = query.number("wait", 0, LONGEST_WAIT, 0);
    return new CommandPoll(PollKind.SHORT, seconds, most, receipt(query));
  }

  /** The confirmation in the query of a stream; null if there is none. */
  static @Nullable Receipt receiptOf(String uri) {
    return receipt(QueryParams.of(uri, Set.of(RECEIVED)));
  }

  private static @Nullable Receipt receipt(QueryParams query) {
    if (!query.has(RECEIVED)) {
      return null;
    }
    List<String> ids =
        query.all(RECEIVED).stream()
            .flatMap(CommandPoll::split)
            .filter(id -> !id.isEmpty())
            .toList();
    if (ids.size() > ExchangeRequest.MAX_RECEIVED) {
      throw QueryParams.invalid(
          RECEIVED,
          "received has %d command ids; expected at most %d"
              .formatted(ids.size(), ExchangeRequest.MAX_RECEIVED));
    }
    return new Receipt.Of(Set.copyOf(ids));
  }

  private static Stream<String> split(String value) {
    return Arrays.stream(value.split(",", -1));
  }

  /** The poll of an exchange: all commands, at once. */
  static CommandPoll inExchange(@Nullable Set<String> received) {
    return new CommandPoll(
        PollKind.EXCHANGE, 0, MOST, received == null ? null : new Receipt.Of(received));
  }

  /** The kind of the poll if it does not wait. */
  PollKind pollKind() {
    return pollKind;
  }

  /** Longest wait for a command. */
  Duration waitTime() {
    return Duration.ofSeconds(seconds);
  }

  /** The device's confirmation of earlier commands; null if there is none. */
  @Nullable Receipt receipt() {
    return receipt;
  }

  /** Most commands in the response. */
  int most() {
    return most;
  }

  /** Whether the poll may be held. */
  boolean waits() {
    return seconds > 0 && !abandoned;
  }

  /** Whether the client disconnected before the response. */
  boolean isAbandoned() {
    return abandoned;
  }

  /** Marks the client as disconnected. */
  void abandon() {
    abandoned = true;
  }
}
