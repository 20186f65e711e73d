package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who waits for a command to change or to end. Kept small: thousands are held at a time.
 *
 * <p>Threading: any thread.
 */
public final class Wait {
  private static final Logger LOG = LoggerFactory.getLogger(Wait.class);

  /** More versions than a command can have: only its end will do. */
  static final int UNTIL_THE_END = Integer.MAX_VALUE;

  private final String id;
  private final int seen;
  private final long deadline;
  private final long number;
  private final @Nullable Waits waits;
  private final Promise<Command> promise = Promise.promise();

  Wait(String id, int seen, long deadline, long number, @Nullable Waits waits) {
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

  /** The command when it has changed, or as it stands when the time is over. */
  public Future<Command> outcome() {
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

  /** Whether the command is news; what is over will not change and need not be waited for. */
  boolean isNews(Command command) {
    return command.state().isFinal() || command.version() > seen;
  }

  void answer(Command command) {
    tell(() -> promise.tryComplete(command));
  }

  void refuse(Throwable cause) {
    tell(() -> promise.tryFail(cause));
  }

  /** What whoever waits then does wrong must not reach the room, nor the others who wait. */
  private static void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException thrown) {
      LOG.error("Somebody who waited for a command has failed in the continuation", thrown);
    }
  }
}
