package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.SessionEnd;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivery state of a mailbox: the present session, how it receives commands, and which sent
 * commands are lost.
 *
 * <p>A command sent over a connection belongs to its session while that is connected. A command
 * delivered by a poll is leased to the polling session: it stays with it until the lease expires,
 * even if the session is asleep meanwhile or the hub is restarted; but not if the session ends, a
 * newer one takes over, or its next poll or stream {@linkplain Receipt reports} that it has not
 * arrived. A command reported as received stays for another lease.
 *
 * <p>Threading: tasks of the engine; changes only between transactions of its mailbox.
 */
final class DeliveryState {
  /** How a session receives commands at present. */
  sealed interface DeliveryMode {
    /** Not at all. */
    DeliveryMode UNAVAILABLE = new Unavailable();

    /** Maximum number of commands in one transaction. */
    int maxCommands();

    /** End of the lease of commands delivered now; null if the connected session holds them. */
    @Nullable Long until(long now);

    /** Receipt for commands that earlier polls of the session delivered. */
    Receipt receipt();

    /** There is no session, or it is asleep. */
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

    /** A connection: every command at once. */
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

    /** A held poll: some commands once, then none. */
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
  private static final long NONE = 0;

  /** Maximum time of a held poll: a receipt is not repeated before its end. */
  private static final long HELD_MILLIS = Duration.ofMinutes(1).toMillis();

  private final String device;
  private final SessionLookup.Elsewhere elsewhere;
  private @Nullable Session session;
  private DeliveryMode mode = DeliveryMode.UNAVAILABLE;

  /** Why commands sent over a closed connection are lost. */
  private String lossReason = SessionEnd.Cause.HUB_RESTARTED.text();

  private boolean reconcilePending;

  /** The connection was replaced by another one of the same session. */
  private boolean displaced;

  /** Commands confirmed by the latest receipt. */
  private Set<String> confirmed = Set.of();

  /** End of the validity of the receipt, regardless of leases (Unix milliseconds). */
  private long confirmedUntil;

  /** The newest session that has ended since the last reconciliation. */
  private long ended = NONE;

  DeliveryState(String device, SessionLookup.Elsewhere elsewhere) {
    this.device = device;
    this.elsewhere = elsewhere;
  }

  /** The present session; null if there is none. */
  @Nullable Session session() {
    return session;
  }

  DeliveryMode mode() {
    return mode;
  }

  /** Whether commands reach the device at present. */
  boolean isOpen() {
    return !(mode instanceof DeliveryMode.Unavailable);
  }

  /** Whether a newer session is the present one. */
  boolean hasNewerThan(Session other) {
    return session != null && session.epoch() > other.epoch();
  }

  /** Makes a session with this delivery mode the present one, unless a newer one is present. */
  void sessionArrived(Session arrived, DeliveryMode in, long now) {
    if (hasNewerThan(arrived)) {
      return;
    }
    boolean another = session == null || session.epoch() < arrived.epoch();
    if (session != null && another) {
      lossReason = "replaced by session " + arrived.epoch();
    } else if (mode instanceof DeliveryMode.Push) {
      lossReason = "its connection was replaced by another one of the session";
      displaced = true;
    }
    reconcilePending |= another || mode instanceof DeliveryMode.Push;
    session = arrived;
    mode = in;
    confirmed = in.receipt() instanceof Receipt.Of of ? of.commands() : Set.of();
    confirmedUntil =
        in instanceof DeliveryMode.Pull pull
            ? now + pull.lease().toMillis() + HELD_MILLIS
            : Long.MAX_VALUE;
  }

  /** A session has ended. */
  void sessionLeft(Session gone, SessionEnd end) {
    if (hasNewerThan(gone)) {
      return;
    }
    if (gone.epoch() >= ended) {
      ended = gone.epoch();
      lossReason = end.text();
    }
    session = null;
    mode = DeliveryMode.UNAVAILABLE;
    confirmed = Set.of();
    reconcilePending = true;
  }

  /** The poll receives no more commands. */
  void closePoll(PollCommandSink poll) {
    if (mode instanceof DeliveryMode.Pull pull && pull.poll().equals(poll)) {
      mode = DeliveryMode.UNAVAILABLE;
    }
  }

  /** The device and its sessions are gone. */
  void deviceDeleted() {
    session = null;
    mode = DeliveryMode.UNAVAILABLE;
    confirmed = Set.of();
  }

  /** The reason why a sent command is lost; null if it is not. */
  @Nullable String whyLost(Command sent, long now) {
    Step step = sent.timeline().getLast();
    Long until = step.leaseExpires();
    long epoch = step.session() == null ? NONE : step.session();
    if (epoch <= ended) {
      return lossReason;
    }
    return until == null ? whyCutOff(epoch) : whyOver(sent, epoch, now);
  }

  /** Whether the device has confirmed the command. */
  boolean isConfirmed(Command command) {
    return confirmed.contains(command.id());
  }

  /** End of the lease of a sent command (Unix milliseconds); never if it has none. */
  long leaseEnd(Command sent) {
    Long until = sent.timeline().getLast().leaseExpires();
    if (until == null) {
      return Long.MAX_VALUE;
    }
    return isConfirmed(sent) ? Math.max(until, confirmedUntil) : until;
  }

  /** Whether session changes require a reconciliation of lost commands. */
  boolean needsReconcile() {
    return reconcilePending;
  }

  /** All lost commands are requeued. */
  void isUpToDate() {
    reconcilePending = false;
    displaced = false;
    ended = NONE;
  }

  /** Delivers commands to the present session according to its mode. */
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
      // The broken session ends, and its end requeues the command.
      LOG.warn("Delivery to session of {} failed: command {}", device, command.id(), broken);
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
      // Their leases expire and requeue them.
      LOG.warn("Delivery to poll of {} failed", device, broken);
    }
  }

  private @Nullable String whyCutOff(long epoch) {
    boolean connected = isPresent(epoch) && mode instanceof DeliveryMode.Push && !displaced;
    // A connection to another node is that node's business.
    return connected || elsewhere.test(device, epoch) ? null : lossReason;
  }

  private @Nullable String whyOver(Command sent, long epoch, long now) {
    if (session != null && session.epoch() > epoch) {
      return "replaced by session " + session.epoch();
    }
    if (isPresent(epoch) && !isConfirmed(sent)) {
      if (mode instanceof DeliveryMode.Push) {
        return "its session switched to a stream";
      }
      if (mode.receipt() instanceof Receipt.Of) {
        return "the next poll did not confirm it";
      }
    }
    return leaseEnd(sent) <= now ? LEASE_OVER : null;
  }

  private boolean isPresent(long epoch) {
    return session != null && session.epoch() == epoch;
  }
}
