package io.signalbox.hub.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a session takes commands at this moment. */
sealed interface Hand {
  /** Not at all. */
  Hand SHUT = new Shut();

  /** How many it takes in one turn. */
  int most();

  /** Until when it keeps what it takes now, if that is not for as long as its session lasts. */
  @Nullable Long until(long now);

  /** What is known of commands that its session was given on polls before. */
  Receipt receipt();

  /** There is no session, or it rests. */
  record Shut() implements Hand {
    @Override
    public int most() {
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
  record Open(Outlet outlet, Receipt receipt) implements Hand {
    @Override
    public int most() {
      return Integer.MAX_VALUE;
    }

    @Override
    public @Nullable Long until(long now) {
      return null;
    }
  }

  /** Some, once; it shuts when it has been given any. */
  record Held(Poll poll, int most, Duration lease, Receipt receipt) implements Hand {
    @Override
    public @Nullable Long until(long now) {
      return now + lease.toMillis();
    }
  }
}
