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
 * A device's request for commands. Made on the loop of its connection, which tells when the client
 * has gone away; heard at the device's home.
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

  /** As the query of a request says; refuses {@code INVALID} with the parameter. */
  static CommandPoll of(String uri) {
    QueryParams query = QueryParams.of(uri, Set.of("wait", "max", RECEIVED));
    int most = query.number("max", 1, MOST, MOST);
    int seconds = query.number("wait", 0, LONGEST_WAIT, 0);
    return new CommandPoll(PollKind.SHORT, seconds, most, receipt(query));
  }

  /** What the query of a request for a stream says of what came before; null if nothing. */
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
          "received names %d commands, at most %d are taken"
              .formatted(ids.size(), ExchangeRequest.MAX_RECEIVED));
    }
    return new Receipt.Of(Set.copyOf(ids));
  }

  private static Stream<String> split(String value) {
    return Arrays.stream(value.split(",", -1));
  }

  /** As part of an exchange: for all that there is, at once. */
  static CommandPoll inExchange(@Nullable Set<String> received) {
    return new CommandPoll(
        PollKind.EXCHANGE, 0, MOST, received == null ? null : new Receipt.Of(received));
  }

  /** How it is asked, if it does not wait. */
  PollKind pollKind() {
    return pollKind;
  }

  /** How long it is ready to wait for a command. */
  Duration waitTime() {
    return Duration.ofSeconds(seconds);
  }

  /** What the device says of the commands that it was given before; null if nothing. */
  @Nullable Receipt receipt() {
    return receipt;
  }

  /** How many commands it takes. */
  int most() {
    return most;
  }

  /** Whether it waits. */
  boolean waits() {
    return seconds > 0 && !abandoned;
  }

  /** Whether the client has gone away without its answer. */
  boolean isAbandoned() {
    return abandoned;
  }

  /** The client has gone away. */
  void abandon() {
    abandoned = true;
  }
}
