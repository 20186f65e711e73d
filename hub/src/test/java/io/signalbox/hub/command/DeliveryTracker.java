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
 * Who may be given commands, and who may have what was sent: a connection as long as its session is
 * the present one, a poll's session until the lease is over, if it is not ended or replaced before.
 */
final class DeliveryTracker {
  private final PollExpectations calls;
  private final Map<String, SessionTracker> sessions = new HashMap<>();
  private final Map<String, Long> goneUpTo = new HashMap<>();
  private final Set<Long> ended = new HashSet<>();
  private final Set<Long> connected = new HashSet<>();

  /** Sessions of pollers that have had a stream, which gives way to the next poll or stream. */
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

  /** A poller opens a stream, and says what it has. */
  void streams(Session session, Receipt receipt) {
    attached(session);
    streamed.add(session.epoch());
    calls.named(receipt);
  }

  void detached(Session session) {
    ended.add(session.epoch());
    of(session.device()).detached(session.epoch());
  }

  /** Whoever is here with that session or an older one goes with the device. */
  void deleted(String device, long newest) {
    goneUpTo.put(device, newest);
    of(device).gone(newest);
  }

  /** The newest session of whoever had that id and is gone. */
  long goneUpTo(String device) {
    return goneUpTo.getOrDefault(device, 0L);
  }

  /** The process is no more: nobody is there, and who left may not have been heard. */
  void died() {
    sessions.clear();
    ended.clear();
  }

  void settle() {
    sessions.values().forEach(SessionTracker::settle);
  }

  /** Whether a command may be sent in that step. */
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
