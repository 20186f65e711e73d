package io.signalbox.sim.device;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device has said and not yet got an acknowledgement for: messages in flight on the present
 * connection, in the order of their seq, and messages waiting to be sent, oldest first. At most
 * {@code window} messages together; each connection counts seq from 1.
 */
final class SendWindow {
  private final int window;
  private final ArrayDeque<TelemetryMessage> inFlight = new ArrayDeque<>(2);
  private final ArrayDeque<TelemetryMessage> waiting = new ArrayDeque<>(2);
  private long lastSeq;

  SendWindow(int window) {
    this.window = window;
  }

  boolean full() {
    return size() >= window;
  }

  /** Whether it is time to send, lest it should be full soon. */
  boolean isFilling() {
    return size() * 4 >= window * 3;
  }

  boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    return inFlight.size() + waiting.size();
  }

  boolean hasInFlight() {
    return !inFlight.isEmpty();
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  void add(TelemetryMessage message) {
    waiting.addLast(message);
  }

  /** The oldest message that waits is in flight from now on; null if none waits. */
  @Nullable TelemetryMessage send(long nanos) {
    TelemetryMessage message = waiting.pollFirst();
    if (message != null) {
      message.sentAs(++lastSeq, nanos);
      inFlight.addLast(message);
    }
    return message;
  }

  /** Takes out everything up to {@code seq}, oldest first. */
  List<TelemetryMessage> acknowledged(long seq) {
    List<TelemetryMessage> done = new ArrayList<>(1);
    while (!inFlight.isEmpty() && inFlight.getFirst().seq() <= seq) {
      done.add(inFlight.removeFirst());
    }
    return done;
  }

  /** Whether the hub may acknowledge {@code seq}: it was sent on this connection. */
  boolean knows(long seq) {
    return seq >= 0 && seq <= lastSeq;
  }

  /** Takes out the one message {@code seq}; null if it is not in flight. */
  @Nullable TelemetryMessage refused(long seq) {
    for (Iterator<TelemetryMessage> each = inFlight.iterator(); each.hasNext(); ) {
      TelemetryMessage message = each.next();
      if (message.seq() == seq) {
        each.remove();
        return message;
      }
    }
    return null;
  }

  /** Puts a message back in the line of those that wait, before all that are younger. */
  void putBack(TelemetryMessage message) {
    ArrayDeque<TelemetryMessage> older = new ArrayDeque<>(0);
    while (!waiting.isEmpty() && waiting.getFirst().isOlderThan(message)) {
      older.push(waiting.removeFirst());
    }
    waiting.addFirst(message);
    older.forEach(waiting::addFirst);
  }

  /** Takes out the oldest message of all. */
  TelemetryMessage dropOldest() {
    return inFlight.isEmpty() ? waiting.removeFirst() : inFlight.removeFirst();
  }

  /** The connection is gone: all that was in flight waits again, before what has waited so far. */
  void connectionLost() {
    while (!inFlight.isEmpty()) {
      waiting.addFirst(inFlight.removeLast());
    }
    lastSeq = 0;
  }

  /** Everything that is left, oldest first; the outbox is empty then. */
  List<TelemetryMessage> clear() {
    connectionLost();
    List<TelemetryMessage> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }
}
