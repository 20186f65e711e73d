package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.signalbox.sim.link.HubFrameDecoder;
import io.signalbox.sim.link.TrafficMetrics;
import io.vertx.core.Future;

/** Asks for commands, and hands out those that come. */
final class CommandFetcher {
  private static final int MOST = 50;

  private final HttpConnector connector;
  private final HttpConnection wire;
  private final LinkNotifier notifier;
  private final TrafficMetrics.Counts counts;

  CommandFetcher(
      HttpConnector connector,
      HttpConnection wire,
      LinkNotifier notifier,
      TrafficMetrics.Counts counts) {
    this.connector = connector;
    this.wire = wire;
    this.notifier = notifier;
    this.counts = counts;
  }

  /** What came of a poll: its answer, and how many commands it brought. */
  record Fetched(HttpReply reply, int commands) {
    /** Whether there may be more than one answer carries. */
    boolean isFull() {
      return commands >= MOST;
    }
  }

  /** Polls, held for so many seconds; fails if nobody answered. */
  Future<Fetched> ask(long holdSeconds) {
    counts.polls.increment();
    String received = String.join(",", notifier.received().ids(connector.now()));
    DeviceRequest deviceRequest =
        DeviceRequest.get(
            "commands?wait=" + holdSeconds + "&max=" + MOST + "&received=" + received);
    return wire.ask(deviceRequest.held(holdSeconds * 1000)).map(this::handOut);
  }

  private Fetched handOut(HttpReply reply) {
    JsonNode commands =
        reply.status() == 200 ? commands(reply.document()) : MissingNode.getInstance();
    int count = commands.size();
    if (count == 0) {
      counts.emptyPolls.increment();
    } else {
      handOut(commands, notifier);
    }
    return new Fetched(reply, count);
  }

  private static JsonNode commands(JsonNode document) {
    return document.isArray() ? document : document.path("commands");
  }

  /** Tells each of an array of commands, in order. */
  static void handOut(JsonNode commands, LinkNotifier notifier) {
    for (JsonNode command : commands) {
      notifier.tell(HubFrameDecoder.command(command));
    }
  }
}
