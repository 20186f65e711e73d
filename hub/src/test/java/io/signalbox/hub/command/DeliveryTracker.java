package io.signalbox.hub.command;

import static io.signalbox.hub.command.DeliveryCounts.handedTo;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Transport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which sessions may get commands and hold sent ones: a connection as long as its session is
 * present, a polling session until the lease ends, unless it is ended or replaced before.
 */
final class DeliveryTracker {
  private final PollExpectations calls;
  private final Map<String, SessionTracker> sessions = new HashMap<>();
  private final Map<String, Long> goneUpTo = new HashMap<>();
  private final Set<Long> ended = new HashSet<>();
  private final Set<Long> connected = new HashSet<>();

  /** Polling sessions that had a stream, which the next poll or stream replaces. */
  private final Set<Long> streamed = new HashSet<>();

  DeliveryTracker(PollExpectations calls) {
    this.calls = calls;
  }

  /** Which sessions of the device there are. */
  SessionTracker of(String device) {
    return sessions.computeIfAbsent(device, name -> new SessionTracker());
  }

  void attached(Session session) {
    if (session.transport() != Transport.HTTP) {
      connected.add(session.epoch());
    }
    of(session.device()).attached(session.epoch());
  }

  /** A poller opens a stream with its receipt. */
  void streams(Session session, Receipt receipt) {
    attached(session);
    streamed.add(session.epoch());
    calls.named(receipt);
  }

  void detached(Session session) {
    ended.add(session.epoch());
    of(session.device()).detached(session.epoch());
  }

  /** Sessions up to this one end with the device. */
  void deleted(String device, long newest) {
    goneUpTo.put(device, newest);
    of(device).gone(newest);
  }

  /** The newest session of the deleted device with this id. */
  long goneUpTo(String device) {
    return goneUpTo.getOrDefault(device, 0L);
  }

  /** The process was killed: no session is connected, and ends may have been missed. */
  void died() {
    sessions.clear();
    ended.clear();
  }

  void settle() {
    sessions.values().forEach(SessionTracker::settle);
  }

  /** Whether a command may be sent in this step. */
  boolean mayGo(String device, Step step, long now) {
    boolean leased = step.leaseExpires() != null;
    return step.session() != null
        && step.session() != 0
        && of(device).mayBePresent(step.session())
        && ((step.transport() == Transport.HTTP) == leased || streamed.contains(step.session()))
        && (!leased || calls.mayLease(step, now));
  }

  /** Whether what was sent may be queued again, though nobody has given it back. */
  boolean mayBeLost(Command sent, long now) {
    SessionTracker there = of(sent.device());
    long epoch = handedTo(sent);
    Long until = sent.timeline().getLast().leaseExpires();
    if (streamed.contains(epoch)) {
      return true;
    }
    return until == null
        ? there.mayNotBePresent(epoch)
        : until <= now || there.mayBeNewer(epoch) || there.mayHaveLeft(epoch);
  }

  /** Whether what was sent may still be with the device, when nothing is under way. */
  boolean mayBeWithDevice(Command sent, long now) {
    SessionTracker there = of(sent.device());
    long epoch = handedTo(sent);
    Long until = sent.timeline().getLast().leaseExpires();
    return until == null
        ? there.mayBePresent(epoch)
        : (until > now || calls.wasNamed(sent))
            && !there.mayBeNewer(epoch)
            && !ended.contains(epoch);
  }

  /** Whether somebody is there who takes commands, when nothing is under way. */
  boolean isOpen(String device) {
    SessionTracker there = of(device);
    return there.isAnybody()
        && (connected.contains(there.present()) || calls.isWaiting(there.present()));
  }
}
