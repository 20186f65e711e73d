package io.signalbox.hub.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a session takes commands at this moment. */
sealed interface DeliveryMode {
  /** Not at all. */
  DeliveryMode SHUT = new Unavailable();

  /** How many it takes in one turn. */
  int maxCommands();

  /** Until when it keeps what it takes now, if that is not for as long as its session lasts. */
  @Nullable Long until(long now);

  /** What is known of commands that its session was given on polls before. */
  Receipt receipt();

  /** There is no session, or it rests. */
  record Unavailable() implements DeliveryMode {
    @Override
    public int maxCommands() {
      return 0;
    }

    @Override
    public @Nullable Long until(long now) {
      return null;
    }

    @Override
    public Receipt receipt() {
      return Receipt.ALL;
    }
  }

  /** Whatever comes, as it comes. */
  record Push(CommandSink sink, Receipt receipt) implements DeliveryMode {
    @Override
    public int maxCommands() {
      return Integer.MAX_VALUE;
    }

    @Override
    public @Nullable Long until(long now) {
      return null;
    }
  }

  /** Some, once; it shuts when it has been given any. */
  record Pull(PollCommandSink poll, int maxCommands, Duration lease, Receipt receipt)
      implements DeliveryMode {
    @Override
    public @Nullable Long until(long now) {
      return now + lease.toMillis();
    }
  }
}
