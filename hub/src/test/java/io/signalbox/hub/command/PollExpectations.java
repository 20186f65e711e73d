package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.SENT;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Polls that may be given something, and what was delivered to them and to connections. A poll is
 * given something once, while it waits; what died with the hub on its way waits for its lease.
 */
final class PollExpectations {
  /** More than a schedule sets the clock back by at a time. */
  private static final long STEP_MILLIS = 1_000;

  private final ReferenceModel reference;
  private final Set<Operation.Poll> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Operation.Poll> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, Integer> delivered = new HashMap<>();
  private final Set<String> named = new HashSet<>();
  private final Map<String, Integer> lostOnTheWay = new HashMap<>();

  PollExpectations(ReferenceModel reference) {
    this.reference = reference;
  }

  /** A device polls. */
  void came(Operation.Poll poll) {
    open.add(poll);
    named(poll.receipt());
  }

  /** A device has confirmed these. */
  void named(Receipt receipt) {
    if (receipt instanceof Receipt.Of of) {
      named.addAll(of.commands());
    }
  }

  /** Whether the device ever confirmed it, possibly without a delivery. */
  boolean wasNamed(Command command) {
    return named.contains(command.id());
  }

  /** Whether a poll of the session that has it may say that it has not come. */
  boolean mayBeDoubted(Command sent) {
    return until(sent) != null
        && open.stream()
            .filter(poll -> poll.session().epoch() == DeliveryCounts.handedTo(sent))
            .anyMatch(poll -> !poll.isSureOf(sent));
  }

  /** Whether a poll without capacity for newer commands may be held. */
  boolean mayHoldBack(Command queued) {
    return waiting.stream()
        .filter(poll -> poll.session().device().equals(queued.device()))
        .anyMatch(poll -> poll.receipt() instanceof Receipt.Unknown);
  }

  /** Nothing is given that is newer than what may not have come. */
  void checkOrder(Operation.Poll poll, List<Command> given, List<Command> unfinished) {
    int newest = unfinished.indexOf(given.getLast());
    for (Command older : unfinished.subList(0, newest)) {
      boolean leased =
          older.state() == SENT
              && until(older) != null
              && DeliveryCounts.handedTo(older) == poll.session().epoch();
      reference.must(
          !leased || poll.isSureOf(older) || given.contains(older),
          "… is given …, but … may not have come",
          poll,
          given,
          older);
    }
  }

  /** The poll is held and replaces every other one of the device. */
  void waits(Operation.Poll poll) {
    String device = poll.session().device();
    boolean given = !open.contains(poll);
    open.removeIf(other -> !other.isLaterThan(poll) && other.session().device().equals(device));
    waiting.retainAll(open);
    if (!given) {
      open.add(poll);
      waiting.add(poll);
    }
  }

  /** The poll failed; one that it replaced is not held either. */
  void failed(Operation.Poll poll) {
    over(poll);
    waiting.removeIf(other -> other.session().device().equals(poll.session().device()));
  }

  /** The poll gets nothing from now on. */
  void over(Operation.Poll poll) {
    open.remove(poll);
    waiting.remove(poll);
  }

  void died(Collection<Command> kept) {
    open.clear();
    waiting.clear();
    kept.stream().filter(command -> command.state() == SENT).forEach(this::excuse);
  }

  private void excuse(Command command) {
    if (!isDelivered(command)) {
      lostOnTheWay.put(command.id(), command.version());
    }
  }

  /**
   * Whether a poll of that session may be held with such a lease; the engine takes over a step of
   * the clock a little later.
   */
  boolean mayLease(Step step, long now) {
    return open.stream()
        .filter(poll -> Objects.equals(poll.session().epoch(), step.session()))
        .map(poll -> now + poll.lease().toMillis())
        .anyMatch(
            end ->
                step.leaseExpires() != null && Math.abs(end - step.leaseExpires()) < STEP_MILLIS);
  }

  /** Whether the device has a poll of that session that waits. */
  boolean isWaiting(long epoch) {
    return waiting.stream().anyMatch(poll -> poll.session().epoch() == epoch);
  }

  /** A poll is given these. */
  void given(Operation.Poll poll, List<Command> commands) {
    reference.must(open.contains(poll), "… is over, and is given …", poll, commands);
    reference.must(!commands.isEmpty(), "… is given nothing", poll);
    taken(poll, commands);
    over(poll);
  }

  /** A poll takes these. */
  void taken(Operation.Poll poll, List<Command> commands) {
    reference.must(commands.size() <= poll.most(), "… is given …", poll, commands);
    for (Command command : commands) {
      reference.must(until(command) != null, "… has no lease", command);
      delivered(poll.session(), command);
    }
  }

  /** A session is given a command. */
  void delivered(Session session, Command command) {
    Step last = command.timeline().getLast();
    reference.must(last.state() == SENT, "… is delivered, but not sent", command);
    reference.must(
        Objects.equals(last.session(), session.epoch()), "… goes to …", command, session);
    int before = delivered.getOrDefault(command.id(), 0);
    reference.must(command.version() > before, "… is delivered twice", command);
    delivered.put(command.id(), command.version());
  }

  /** Whether it was delivered as it is, or has to wait because the hub died before that. */
  boolean isDelivered(Command command) {
    Integer version = command.version();
    return wasNamed(command)
        || version.equals(delivered.get(command.id()))
        || (version.equals(lostOnTheWay.get(command.id())) && until(command) != null);
  }

  private static @Nullable Long until(Command command) {
    return command.timeline().getLast().leaseExpires();
  }
}
