package io.signalbox.hub.command;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.SessionEnd;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A polling device: its side of a session, and the commands it received. */
record TestPoller(Session session, CommandService commands) {
  static final Duration LEASE = Duration.ofSeconds(30);

  /** A held poll with its deliveries, one list per delivery. */
  record Waiting(PollCommandSink poll, List<List<Command>> given) {
    static Waiting begin() {
      List<List<Command>> given = new CopyOnWriteArrayList<>();
      return new Waiting(given::add, given);
    }

    List<String> names() {
      return given.stream().flatMap(List::stream).map(Command::name).toList();
    }

    boolean isOver() {
      return !given.isEmpty();
    }
  }

  /** A short poll. */
  List<Command> fetch() {
    return fetch(Integer.MAX_VALUE);
  }

  List<Command> fetch(int most) {
    return answer(commands.fetch(session, most, LEASE, Receipt.ALL));
  }

  /** A short poll with a receipt for earlier commands. */
  List<String> names(Receipt receipt) {
    return names(Integer.MAX_VALUE, receipt);
  }

  List<String> names(int most, Receipt receipt) {
    List<Command> given = answer(commands.fetch(session, most, LEASE, receipt));
    return given.stream().map(Command::name).toList();
  }

  List<String> names() {
    return fetch().stream().map(Command::name).toList();
  }

  /** A long poll. */
  Waiting waits() {
    return waits(Integer.MAX_VALUE);
  }

  Waiting waits(int most) {
    return waits(most, Receipt.ALL);
  }

  Waiting waits(Receipt receipt) {
    return waits(Integer.MAX_VALUE, receipt);
  }

  private Waiting waits(int most, Receipt receipt) {
    Waiting waiting = Waiting.begin();
    answer(commands.awaitCommands(session, most, LEASE, receipt, waiting.poll()));
    return waiting;
  }

  void release(Waiting waiting) {
    answer(commands.cancelPoll(session, waiting.poll()));
  }

  void giveBack(List<Command> given) {
    answer(commands.returnUndelivered(session, given));
  }

  void detach(String reason) {
    commands.detach(session, SessionEnd.of(reason));
    answer(commands.inside(CommandEngine::awaitIdle));
  }

  Future<Void> says(String id, Command.State status) {
    return commands.result(session, new CommandResult(id, status, null, null));
  }
}
