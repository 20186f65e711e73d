package io.signalbox.hub.command;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A device that polls: its end of a session, and what it was given. */
record Visitor(Session session, Commands commands) {
  static final Duration LEASE = Duration.ofSeconds(30);

  /** A poll that waits, and what it was given, a list for each time. */
  record Waiting(Poll poll, List<List<Command>> given) {
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
    return answer(commands.fetch(session, most, LEASE));
  }

  List<String> names() {
    return fetch().stream().map(Command::name).toList();
  }

  /** A long poll. */
  Waiting waits() {
    return waits(Integer.MAX_VALUE);
  }

  Waiting waits(int most) {
    Waiting waiting = Waiting.begin();
    answer(commands.hold(session, most, LEASE, waiting.poll()));
    return waiting;
  }

  void release(Waiting waiting) {
    answer(commands.release(session, waiting.poll()));
  }

  void giveBack(List<Command> given) {
    answer(commands.giveBack(session, given.stream().map(Command::id).toList()));
  }

  void detach(String because) {
    commands.detach(session, because);
    answer(commands.inside(room -> room.office().quiet()));
  }

  Future<Void> says(String id, Command.State status) {
    return commands.result(session, new CommandResult(id, status, null, null));
  }
}
