package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import java.util.List;
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
 * or a newer one takes over.
 *
 * <p>Threading: the room's thread; changes only between the turns of its mailbox.
 */
final class Contact {
  private static final Logger LOG = LoggerFactory.getLogger(Contact.class);
  static final String LEASE_OVER = "lease over";
  private static final String RESTARTED = "hub restarted";
  private static final long NONE = 0;

  private final String device;
  private @Nullable Session session;
  private Hand hand = Hand.SHUT;

  /** Why what went through an open connection that is no more is lost. */
  private String lostBecause = RESTARTED;

  private boolean behind;

  /** The newest session that has ended since everything was brought up to date. */
  private long ended = NONE;

  Contact(String device) {
    this.device = device;
  }

  /** The present session; null if there is none. */
  @Nullable Session session() {
    return session;
  }

  Hand hand() {
    return hand;
  }

  /** Whether commands reach the device at this moment. */
  boolean isOpen() {
    return !(hand instanceof Hand.Shut);
  }

  /** Whether a newer session is the present one. */
  boolean hasNewerThan(Session other) {
    return session != null && session.epoch() > other.epoch();
  }

  /** A session is here and takes commands in that way; an older one than the present is not. */
  void arrives(Session arrived, Hand in) {
    if (hasNewerThan(arrived)) {
      return;
    }
    boolean another = session == null || session.epoch() < arrived.epoch();
    if (session != null && another) {
      lostBecause = "replaced by session " + arrived.epoch();
    } else if (hand instanceof Hand.Open) {
      lostBecause = "its connection gave way to another of its session";
    }
    behind |= another || hand instanceof Hand.Open;
    session = arrived;
    hand = in;
  }

  /** A session is over. */
  void leaves(Session gone, String because) {
    if (hasNewerThan(gone)) {
      return;
    }
    if (gone.epoch() >= ended) {
      ended = gone.epoch();
      lostBecause = because;
    }
    session = null;
    hand = Hand.SHUT;
    behind = true;
  }

  /** That poll takes no more. */
  void rests(Poll poll) {
    if (hand instanceof Hand.Held held && held.poll().equals(poll)) {
      hand = Hand.SHUT;
    }
  }

  /** The device is gone, and whoever spoke for it. */
  void ends() {
    session = null;
    hand = Hand.SHUT;
  }

  /** Why a command that was sent is lost; null if it is not. */
  @Nullable String whyLost(Command sent, long now) {
    Step step = sent.timeline().getLast();
    Long until = step.until();
    long epoch = step.session() == null ? NONE : step.session();
    if (epoch <= ended) {
      return lostBecause;
    }
    return until == null ? whyCutOff(epoch) : whyOver(epoch, until, now);
  }

  /** Whether somebody came or went, and what is lost by that may not be taken back yet. */
  boolean isBehind() {
    return behind;
  }

  /** Everything lost is taken back. */
  void isUpToDate() {
    behind = false;
    ended = NONE;
  }

  /** Gives these to the present session, which takes them in that way. */
  void deliver(List<Command> commands) {
    switch (hand) {
      case Hand.Open open -> commands.forEach(command -> deliver(command, open.outlet()));
      case Hand.Held held -> deliver(commands, held.poll());
      case Hand.Shut shut -> {}
    }
  }

  private void deliver(Command command, Outlet outlet) {
    try {
      outlet.deliver(command);
    } catch (RuntimeException broken) {
      // The session that cannot be written to ends, and its end takes the command back.
      LOG.warn("Session of {} did not take command {}", device, command.id(), broken);
    }
  }

  private void deliver(List<Command> commands, Poll poll) {
    if (commands.isEmpty()) {
      return;
    }
    rests(poll);
    try {
      poll.deliver(commands);
    } catch (RuntimeException broken) {
      // Their leases take them back.
      LOG.warn("A poll of {} did not take its commands", device, broken);
    }
  }

  private @Nullable String whyCutOff(long epoch) {
    boolean connected = session != null && session.epoch() == epoch && hand instanceof Hand.Open;
    return connected ? null : lostBecause;
  }

  private @Nullable String whyOver(long epoch, long until, long now) {
    if (session != null && session.epoch() > epoch) {
      return "replaced by session " + session.epoch();
    }
    return until <= now ? LEASE_OVER : null;
  }
}
