package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who waits for a job to change or to end. Kept small: thousands are held at a time.
 *
 * <p>Threading: any thread.
 */
public final class Wait {
  private static final Logger LOG = LoggerFactory.getLogger(Wait.class);

  /** More versions than a job can have: only its end will do. */
  static final long UNTIL_THE_END = Long.MAX_VALUE;

  private final String id;
  private final long seen;
  private final long deadline;
  private final long number;
  private final @Nullable Waits waits;
  private final Promise<Job> promise = Promise.promise();

  Wait(String id, long seen, long deadline, long number, @Nullable Waits waits) {
    this.id = id;
    this.seen = seen;
    this.deadline = deadline;
    this.number = number;
    this.waits = waits;
  }

  /** A wait that is over before it began. */
  static Wait refused(Refusal refusal) {
    Wait wait = new Wait("", 0, 0, 0, null);
    wait.refuse(refusal);
    return wait;
  }

  /** The job when it has changed, or as it stands when the time is over. */
  public Future<Job> outcome() {
    return promise.future();
  }

  /** Nobody is interested any more: lets go of it. The outcome fails if there is none yet. */
  public void giveUp() {
    refuse(new Refusal(Refusal.Kind.UNAVAILABLE, "the wait was given up"));
    if (waits != null) {
      waits.releaseSoon(this);
    }
  }

  String id() {
    return id;
  }

  /** Unix milliseconds at which the time is over. */
  long deadline() {
    return deadline;
  }

  /** Tells waits apart that have everything else in common. */
  long number() {
    return number;
  }

  /** Whether the job is news; what is over will not change and need not be waited for. */
  boolean isNews(Job job) {
    return job.isOver() || job.version() > seen;
  }

  void answer(Job job) {
    tell(() -> promise.tryComplete(job));
  }

  void refuse(Throwable cause) {
    tell(() -> promise.tryFail(cause));
  }

  /** What whoever waits then does wrong must not reach the room, nor the others who wait. */
  private static void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException thrown) {
      LOG.error("Somebody who waited for a job has failed in the continuation", thrown);
    }
  }
}
