package io.signalbox.hub.job;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Job;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the progress of one job: at once when it is created, halted or ended, otherwise
 * collected, so that ten thousand devices do not cause thirty thousand events.
 *
 * <p>Threading: the engine's context.
 */
final class ProgressNotifier {
  private static final long COALESCE_MS = 250;

  private final Vertx vertx;
  private final Topic<Event.JobChanged> changes;
  private @Nullable Job lastPublished;
  private @Nullable Job unpublished;
  private boolean collecting;

  ProgressNotifier(Vertx vertx, Topic<Event.JobChanged> changes) {
    this.vertx = vertx;
    this.changes = changes;
  }

  /** Publishes the job now or soon, or not at all if this version is published already. */
  void note(Job job) {
    Job before = lastPublished;
    if (before != null && before.version() >= job.version()) {
      return;
    }
    if (!collecting || before == null || before.state() != job.state() || job.isOver()) {
      publish(job);
    } else {
      unpublished = job;
    }
  }

  private void publish(Job job) {
    lastPublished = job;
    unpublished = null;
    changes.publish(new Event.JobChanged(job));
    if (!collecting) {
      collecting = true;
      vertx.setTimer(COALESCE_MS, elapsed -> publishCollected());
    }
  }

  private void publishCollected() {
    collecting = false;
    Job latest = unpublished;
    if (latest != null) {
      publish(latest);
    }
  }
}
