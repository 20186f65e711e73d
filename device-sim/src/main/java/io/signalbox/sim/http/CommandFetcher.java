package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.signalbox.sim.link.HubFrameDecoder;
import io.signalbox.sim.link.TrafficMetrics;
import io.vertx.core.Future;

/** Polls for commands and reports the received ones. */
final class CommandFetcher {
  private static final int MOST = 50;

  private final HttpConnector connector;
  private final HttpConnection connection;
  private final LinkNotifier notifier;
  private final TrafficMetrics.Counts counts;

  CommandFetcher(
      HttpConnector connector,
      HttpConnection connection,
      LinkNotifier notifier,
      TrafficMetrics.Counts counts) {
    this.connector = connector;
    this.connection = connection;
    this.notifier = notifier;
    this.counts = counts;
  }

  /** Result of a poll: the response and the number of commands. */
  record Fetched(HttpReply reply, int commands) {
    /** Whether the hub may have more commands than fit in one response. */
    boolean isFull() {
      return commands >= MOST;
    }
  }

  /** Polls with the given hold time; fails if the hub does not answer. */
  Future<Fetched> ask(long holdSeconds) {
    counts.polls.increment();
    String received = String.join(",", notifier.received().ids(connector.now()));
    DeviceRequest deviceRequest =
        DeviceRequest.get(
            "commands?wait=" + holdSeconds + "&max=" + MOST + "&received=" + received);
    return connection.ask(deviceRequest.held(holdSeconds * 1000)).map(this::reportCommands);
  }

  private Fetched reportCommands(HttpReply reply) {
    JsonNode commands =
        reply.status() == 200 ? commands(reply.document()) : MissingNode.getInstance();
    int count = commands.size();
    if (count == 0) {
      counts.emptyPolls.increment();
    } else {
      reportCommands(commands, notifier);
    }
    return new Fetched(reply, count);
  }

  private static JsonNode commands(JsonNode document) {
    return document.isArray() ? document : document.path("commands");
  }

  /** Reports each command of an array, in order. */
  static void reportCommands(JsonNode commands, LinkNotifier notifier) {
    for (JsonNode command : commands) {
      notifier.emit(HubFrameDecoder.command(command));
    }
  }
}
