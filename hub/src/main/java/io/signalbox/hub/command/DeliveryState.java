package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mailbox's contact with its device: which session is the present one, how that takes commands,
 * and who has lost what was sent to him.
 *
 * <p>What went through an open connection is with its session for as long as that lasts. What was
 * handed out on a poll is leased to the session that polled: it is with it until the lease is over,
 * whether or not the session rests meanwhile or the hub is restarted; but not when the session ends
 * or a newer one takes over, nor when its next poll or its stream {@linkplain Receipt says} that it
 * has not come. What is named as received is with the session for another lease.
 *
 * <p>Threading: the room's thread; changes only between the turns of its mailbox.
 */
final class DeliveryState {
  /** How a session takes commands at this moment. */
  sealed interface DeliveryMode {
    /** Not at all. */
    DeliveryMode UNAVAILABLE = new Unavailable();

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

    /** Some, once; then not any more. */
    record Pull(PollCommandSink poll, int maxCommands, Duration lease, Receipt receipt)
        implements DeliveryMode {
      @Override
      public @Nullable Long until(long now) {
        return now + lease.toMillis();
      }
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryState.class);
  static final String LEASE_OVER = "lease-expired";
  private static final String RESTARTED = "hub-restarted";
  private static final long NONE = 0;

  /** A poll may be held for so long: who names a command in it says so no earlier again. */
  private static final long HELD_MILLIS = Duration.ofMinutes(1).toMillis();

  private final String device;
  private @Nullable Session session;
  private DeliveryMode mode = DeliveryMode.UNAVAILABLE;

  /** Why what went through an open connection that is no more is lost. */
  private String lossReason = RESTARTED;

  private boolean behind;

  /** The open connection has given way to another of the same session. */
  private boolean displaced;

  /** What the device has named as received when it asked last. */
  private Set<String> confirmed = Set.of();

  /** Until when it has that, whatever the leases say (ms). */
  private long confirmedUntil;

  /** The newest session that has ended since everything was brought up to date. */
  private long ended = NONE;

  DeliveryState(String device) {
    this.device = device;
  }

  /** The present session; null if there is none. */
  @Nullable Session session() {
    return session;
  }

  DeliveryMode mode() {
    return mode;
  }

  /** Whether commands reach the device at this moment. */
  boolean isOpen() {
    return !(mode instanceof DeliveryMode.Unavailable);
  }

  /** Whether a newer session is the present one. */
  boolean hasNewerThan(Session other) {
    return session != null && session.epoch() > other.epoch();
  }

  /** A session is here and takes commands in that way; an older one than the present is not. */
  void sessionArrived(Session arrived, DeliveryMode in, long now) {
    if (hasNewerThan(arrived)) {
      return;
    }
    boolean another = session == null || session.epoch() < arrived.epoch();
    if (session != null && another) {
      lossReason = "replaced by session " + arrived.epoch();
    } else if (mode instanceof DeliveryMode.Push) {
      lossReason = "its connection gave way to another of its session";
      displaced = true;
    }
    behind |= another || mode instanceof DeliveryMode.Push;
    session = arrived;
    mode = in;
    confirmed = in.receipt() instanceof Receipt.Of of ? of.commands() : Set.of();
    confirmedUntil =
        in instanceof DeliveryMode.Pull pull
            ? now + pull.lease().toMillis() + HELD_MILLIS
            : Long.MAX_VALUE;
  }

  /** A session is over. */
  void sessionLeft(Session gone, String reason) {
    if (hasNewerThan(gone)) {
      return;
    }
    if (gone.epoch() >= ended) {
      ended = gone.epoch();
      lossReason = reason;
    }
    session = null;
    mode = DeliveryMode.UNAVAILABLE;
    confirmed = Set.of();
    behind = true;
  }

  /** That poll takes no more. */
  void closePoll(PollCommandSink poll) {
    if (mode instanceof DeliveryMode.Pull pull && pull.poll().equals(poll)) {
      mode = DeliveryMode.UNAVAILABLE;
    }
  }

  /** The device is gone, and whoever spoke for it. */
  void deviceDeleted() {
    session = null;
    mode = DeliveryMode.UNAVAILABLE;
    confirmed = Set.of();
  }

  /** Why a command that was sent is lost; null if it is not. */
  @Nullable String whyLost(Command sent, long now) {
    Step step = sent.timeline().getLast();
    Long until = step.leaseExpires();
    long epoch = step.session() == null ? NONE : step.session();
    if (epoch <= ended) {
      return lossReason;
    }
    return until == null ? whyCutOff(epoch) : whyOver(sent, epoch, now);
  }

  /** Whether the device has said of that command that it has it. */
  boolean isConfirmed(Command command) {
    return confirmed.contains(command.id());
  }

  /** When the lease of a command that was sent is over (ms); never if it has none. */
  long leaseEnd(Command sent) {
    Long until = sent.timeline().getLast().leaseExpires();
    if (until == null) {
      return Long.MAX_VALUE;
    }
    return isConfirmed(sent) ? Math.max(until, confirmedUntil) : until;
  }

  /** Whether somebody came or went, and what is lost by that may not be taken back yet. */
  boolean needsReconcile() {
    return behind;
  }

  /** Everything lost is taken back. */
  void isUpToDate() {
    behind = false;
    displaced = false;
    ended = NONE;
  }

  /** Gives these to the present session, which takes them in that way. */
  void deliver(List<Command> commands) {
    switch (mode) {
      case DeliveryMode.Push push -> commands.forEach(command -> deliver(command, push.sink()));
      case DeliveryMode.Pull pull -> deliver(commands, pull.poll());
      case DeliveryMode.Unavailable unavailable -> {}
    }
  }

  private void deliver(Command command, CommandSink sink) {
    try {
      sink.deliver(command);
    } catch (RuntimeException broken) {
      // The session that cannot be written to ends, and its end takes the command back.
      LOG.warn("Session of {} did not take command {}", device, command.id(), broken);
    }
  }

  private void deliver(List<Command> commands, PollCommandSink poll) {
    if (commands.isEmpty()) {
      return;
    }
    closePoll(poll);
    try {
      poll.deliver(commands);
    } catch (RuntimeException broken) {
      // Their leases take them back.
      LOG.warn("A poll of {} did not take its commands", device, broken);
    }
  }

  private @Nullable String whyCutOff(long epoch) {
    boolean connected = isPresent(epoch) && mode instanceof DeliveryMode.Push && !displaced;
    return connected ? null : lossReason;
  }

  private @Nullable String whyOver(Command sent, long epoch, long now) {
    if (session != null && session.epoch() > epoch) {
      return "replaced by session " + session.epoch();
    }
    if (isPresent(epoch) && !isConfirmed(sent)) {
      if (mode instanceof DeliveryMode.Push) {
        return "its session has a stream now";
      }
      if (mode.receipt() instanceof Receipt.Of) {
        return "the next poll did not name it as received";
      }
    }
    return leaseEnd(sent) <= now ? LEASE_OVER : null;
  }

  private boolean isPresent(long epoch) {
    return session != null && session.epoch() == epoch;
  }
}
