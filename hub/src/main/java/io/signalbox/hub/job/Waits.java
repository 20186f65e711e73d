package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everybody who waits, in order of job and in order of deadline: two tree entries each, and no
 * timer, because the room's tick collects those whose time is over.
 *
 * <p>Threading: the room's context, but for {@link #of} and {@link #releaseSoon}.
 */
final class Waits {
  private final int most;
  private final Context room;
  private final AtomicLong numbers = new AtomicLong();
  private final TreeSet<Wait> byJob =
      new TreeSet<>(Comparator.comparing(Wait::id).thenComparingLong(Wait::number));
  private final TreeSet<Wait> byDeadline =
      new TreeSet<>(Comparator.comparingLong(Wait::deadline).thenComparingLong(Wait::number));

  Waits(int most, Context room) {
    this.most = most;
    this.room = room;
  }

  /** A wait that is not held yet. */
  Wait of(String id, long seen, long deadline) {
    return new Wait(id, seen, deadline, numbers.incrementAndGet(), this);
  }

  /** Holds a wait; refuses {@code UNAVAILABLE} when there are too many. */
  void hold(Wait wait) {
    if (byJob.size() >= most) {
      throw new Refusal(Kind.UNAVAILABLE, "%d requests are held already".formatted(most));
    }
    byJob.add(wait);
    byDeadline.add(wait);
  }

  /** Lets go of a wait, held or not. */
  void release(Wait wait) {
    byJob.remove(wait);
    byDeadline.remove(wait);
  }

  /** Lets go of it on the room's context. */
  void releaseSoon(Wait wait) {
    room.runOnContext(inside -> release(wait));
  }

  /** Answers those for whom the job is news. */
  void changed(Job job) {
    List<Wait> answered = new ArrayList<>();
    for (Wait wait : byJob.tailSet(new Wait(job.id(), 0, 0, 0, this))) {
      if (!wait.id().equals(job.id())) {
        break;
      }
      if (wait.isNews(job)) {
        answered.add(wait);
      }
    }
    answered.forEach(this::release);
    answered.forEach(wait -> wait.answer(job));
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
    return byJob.size();
  }
}
