package io.signalbox.hub.command;

import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * Held requests for a change or the end of a command: each is answered once, with a change or at
 * the deadline.
 *
 * <p>Threading: one thread.
 */
final class DeliveryExpectations {
  /** One who waits; {@code seen} is no news, nor what everybody was {@code told} before. */
  private static final class Waiting {
    final String id;
    final int seen;
    final int told;
    final long deadline;
    int answers;

    Waiting(String id, int seen, int told, long deadline) {
      this.id = id;
      this.seen = seen;
      this.told = told;
      this.deadline = deadline;
    }

    @Override
    public String toString() {
      return "who waits for %s after version %d".formatted(id, seen);
    }
  }

  private final ReferenceModel reference;
  private final LongSupplier clock;
  private final List<Waiting> all = new ArrayList<>();

  DeliveryExpectations(ReferenceModel reference, LongSupplier clock) {
    this.reference = reference;
    this.clock = clock;
  }

  void add(CommandService commands, Command command, Random random) {
    boolean untilTheEnd = random.nextBoolean();
    int seen = untilTheEnd ? Integer.MAX_VALUE : command.version() - random.nextInt(2);
    Duration time = Duration.ofMillis(random.nextInt(40_000));
    HeldRequest<Command> wait =
        untilTheEnd
            ? commands.awaitCompletion(command, time)
            : commands.awaitChange(command.id(), known -> known.version() <= seen, time);
    Waiting waiting =
        new Waiting(
            command.id(),
            seen,
            reference.publishedVersionOf(command.id()),
            clock.getAsLong() + time.toMillis());
    all.add(waiting);
    wait.outcome().onComplete(outcome -> answered(waiting, outcome));
    if (random.nextInt(8) == 0) {
      wait.cancel();
    }
  }

  private void answered(Waiting waiting, AsyncResult<Command> outcome) {
    waiting.answers++;
    must(waiting.answers == 1, "… was answered twice", waiting);
    if (outcome.succeeded()) {
      Command command = outcome.result();
      seen(command);
      must(
          command.state().isFinal()
              || command.version() > Math.min(waiting.seen, waiting.told)
              || waiting.deadline <= clock.getAsLong(),
          "… was answered without news: …",
          waiting,
          command);
    } else {
      must(outcome.cause() instanceof Refusal, "… failed with …", waiting, outcome.cause());
    }
  }

  /** Somebody was shown that command. */
  void seen(Command command) {
    Command present = reference.find(command.id());
    must(DeliveryCounts.wasOnce(present, command), "… was shown, and is not durable", command);
  }

  /** No request with a pending change is still held. */
  void atRest() {
    for (Waiting waiting : all) {
      Command command = reference.find(waiting.id);
      boolean due =
          command.state().isFinal()
              || command.version() > waiting.seen
              || waiting.deadline <= clock.getAsLong();
      must(waiting.answers == 1 || !due, "… is not answered: …", waiting, command);
    }
    all.removeIf(waiting -> waiting.answers == 1);
  }

  /** An orderly stop answers all requests. */
  void closed() {
    all.forEach(waiting -> must(waiting.answers == 1, "… waits for ever", waiting));
    all.clear();
  }

  /** A kill answers none. */
  void died() {
    all.clear();
  }

  private void must(boolean so, String otherwise, Object... words) {
    reference.must(so, otherwise, words);
  }
}
