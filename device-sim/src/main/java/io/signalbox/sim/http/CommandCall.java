package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.signalbox.sim.link.FrameReader;
import io.signalbox.sim.link.Traffic;
import io.vertx.core.Future;

/** Asks for commands, and hands out those that come. */
final class CommandCall {
  private static final int MOST = 50;

  private final HttpDoor door;
  private final Wire wire;
  private final Teller teller;
  private final Traffic.Counts counts;

  CommandCall(HttpDoor door, Wire wire, Teller teller, Traffic.Counts counts) {
    this.door = door;
    this.wire = wire;
    this.teller = teller;
    this.counts = counts;
  }

  /** What came of a poll: its answer, and how many commands it brought. */
  record Catch(Reply reply, int commands) {
    /** Whether there may be more than one answer carries. */
    boolean isFull() {
      return commands >= MOST;
    }
  }

  /** Polls, held for so many seconds; fails if nobody answered. */
  Future<Catch> ask(long holdSeconds) {
    counts.polls.increment();
    String received = String.join(",", teller.received().ids(door.now()));
    Ask ask = Ask.get("commands?wait=" + holdSeconds + "&max=" + MOST + "&received=" + received);
    return wire.ask(ask.held(holdSeconds * 1000)).map(this::handOut);
  }

  private Catch handOut(Reply reply) {
    JsonNode commands =
        reply.status() == 200 ? commands(reply.document()) : MissingNode.getInstance();
    int count = commands.size();
    if (count == 0) {
      counts.emptyPolls.increment();
    } else {
      handOut(commands, teller);
    }
    return new Catch(reply, count);
  }

  private static JsonNode commands(JsonNode document) {
    return document.isArray() ? document : document.path("commands");
  }

  /** Tells each of an array of commands, in order. */
  static void handOut(JsonNode commands, Teller teller) {
    for (JsonNode command : commands) {
      teller.tell(FrameReader.command(command));
    }
  }
}
