package io.signalbox.hub.job;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Job;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Tells how one job gets on: at once when it is made, halted or over, else gathered, so that ten
 * thousand devices do not make thirty thousand events.
 *
 * <p>Threading: the room's context.
 */
final class ProgressNotifier {
  private static final long GATHERED_MS = 250;

  private final Vertx vertx;
  private final Topic<Event.JobChanged> changes;
  private final HeldRequests<Job> waits;
  private @Nullable Job lastPublished;
  private @Nullable Job untold;
  private boolean gathering;

  ProgressNotifier(Vertx vertx, Topic<Event.JobChanged> changes, HeldRequests<Job> waits) {
    this.vertx = vertx;
    this.changes = changes;
    this.waits = waits;
  }

  /** The job as it stands; told now, soon, or not at all if that is known. */
  void note(Job job) {
    Job before = lastPublished;
    if (before != null && before.version() >= job.version()) {
      return;
    }
    if (!gathering || before == null || before.state() != job.state() || job.isOver()) {
      tell(job);
    } else {
      untold = job;
    }
  }

  private void tell(Job job) {
    lastPublished = job;
    untold = null;
    changes.publish(new Event.JobChanged(job));
    waits.changed(job);
    if (!gathering) {
      gathering = true;
      vertx.setTimer(GATHERED_MS, late -> gathered());
    }
  }

  private void gathered() {
    gathering = false;
    Job latest = untold;
    if (latest != null) {
      tell(latest);
    }
  }
}
