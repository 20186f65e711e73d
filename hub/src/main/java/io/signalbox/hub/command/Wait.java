package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Predicate;
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

  private static final int NOT_LOOKED = -1;

  private final String id;
  private final Predicate<Command> known;
  private final long deadline;
  private final long number;
  private final @Nullable Waits waits;
  private final Promise<Command> promise = Promise.promise();

  /** The version that is no news; touched by the room alone. */
  private int seen = NOT_LOOKED;

  Wait(String id, Predicate<Command> known, long deadline, long number, @Nullable Waits waits) {
    this.id = id;
    this.known = known;
    this.deadline = deadline;
    this.number = number;
    this.waits = waits;
  }

  /** A wait that is over before it began. */
  static Wait refused(Refusal refusal) {
    Wait wait = new Wait("", nothing -> false, 0, 0, null);
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

  /** For whom only the end of the command is news. */
  static Wait forEnd(String id, long deadline, long number, Waits waits) {
    Wait wait = new Wait(id, nothing -> true, deadline, number, waits);
    wait.seen = UNTIL_THE_END;
    return wait;
  }

  /**
   * Whether the command is news; what is over will not change and need not be waited for. Whoever
   * waits says at the first look whether the command is known as it stands; after that every step
   * is news.
   */
  boolean isNews(Command command) {
    if (command.state().isFinal()) {
      return true;
    }
    if (seen != NOT_LOOKED) {
      return command.version() > seen;
    }
    seen = command.version();
    return !known.test(command);
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
