package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Everybody who waits, in order of command and in order of deadline: two tree entries each, and no
 * timer, because the room's tick collects those whose time is over.
 *
 * <p>Threading: the room's thread, but for making one and {@link #releaseSoon}.
 */
final class Waits {
  private final int most;
  private final Executor room;
  private final AtomicLong numbers = new AtomicLong();
  private final TreeSet<Wait> byCommand =
      new TreeSet<>(Comparator.comparing(Wait::id).thenComparingLong(Wait::number));
  private final TreeSet<Wait> byDeadline =
      new TreeSet<>(Comparator.comparingLong(Wait::deadline).thenComparingLong(Wait::number));

  Waits(int most, Executor room) {
    this.most = most;
    this.room = room;
  }

  /** A wait, not held yet, for a command that is not as it is known, or no longer. */
  Wait forNews(String id, Predicate<Command> known, long deadline) {
    return new Wait(id, known, deadline, numbers.incrementAndGet(), this);
  }

  /** A wait, not held yet, for a command's end. */
  Wait forEnd(String id, long deadline) {
    return Wait.forEnd(id, deadline, numbers.incrementAndGet(), this);
  }

  /** Holds a wait; refuses {@code UNAVAILABLE} when there are too many. */
  void hold(Wait wait) {
    if (byCommand.size() >= most) {
      throw new Refusal(Kind.UNAVAILABLE, "%d requests are held already".formatted(most));
    }
    byCommand.add(wait);
    byDeadline.add(wait);
  }

  /** Lets go of a wait, held or not. */
  void release(Wait wait) {
    byCommand.remove(wait);
    byDeadline.remove(wait);
  }

  /** Lets go of it on the room's thread. */
  void releaseSoon(Wait wait) {
    room.execute(() -> release(wait));
  }

  /** Answers those for whom the command is news. */
  void changed(Command command) {
    List<Wait> answered = new ArrayList<>();
    for (Wait wait : byCommand.tailSet(Wait.forEnd(command.id(), 0, 0, this))) {
      if (!wait.id().equals(command.id())) {
        break;
      }
      if (wait.isNews(command)) {
        answered.add(wait);
      }
    }
    answered.forEach(this::release);
    answered.forEach(wait -> wait.answer(command));
  }

  /** Lets go of those whose time is over, and gives them. */
  List<Wait> takeDue(long now) {
    List<Wait> due = new ArrayList<>();
    while (!byDeadline.isEmpty() && byDeadline.first().deadline() <= now) {
      Wait wait = byDeadline.first();
      release(wait);
      due.add(wait);
    }
    return due;
  }

  /** Lets go of all, and tells them that there will be no answer. */
  void refuseAll(Refusal refusal) {
    takeDue(Long.MAX_VALUE).forEach(wait -> wait.refuse(refusal));
  }

  /** How many are held. */
  int held() {
    return byCommand.size();
  }
}
