package io.signalbox.sim.device;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window of unacknowledged messages: messages in flight on the current connection, in order of seq,
 * and messages waiting to be sent, oldest first. At most {@code window} messages in total; each
 * connection counts seq from 1.
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

  /** Whether it is so full that messages should be sent now. */
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

  /** Moves the oldest waiting message to the messages in flight; null if none waits. */
  @Nullable TelemetryMessage send(long nanos) {
    TelemetryMessage message = waiting.pollFirst();
    if (message != null) {
      message.sentAs(++lastSeq, nanos);
      inFlight.addLast(message);
    }
    return message;
  }

  /** Removes all messages up to {@code seq}, oldest first. */
  List<TelemetryMessage> acknowledged(long seq) {
    List<TelemetryMessage> done = new ArrayList<>(1);
    while (!inFlight.isEmpty() && inFlight.getFirst().seq() <= seq) {
      done.add(inFlight.removeFirst());
    }
    return done;
  }

  /** Whether {@code seq} was sent on this connection. */
  boolean knows(long seq) {
    return seq >= 0 && seq <= lastSeq;
  }

  /** Removes message {@code seq}; null if it is not in flight. */
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

  /** Puts a message back among the waiting ones, ordered by age. */
  void putBack(TelemetryMessage message) {
    ArrayDeque<TelemetryMessage> older = new ArrayDeque<>(0);
    while (!waiting.isEmpty() && waiting.getFirst().isOlderThan(message)) {
      older.push(waiting.removeFirst());
    }
    waiting.addFirst(message);
    older.forEach(waiting::addFirst);
  }

  /** Removes the oldest message. */
  TelemetryMessage dropOldest() {
    return inFlight.isEmpty() ? waiting.removeFirst() : inFlight.removeFirst();
  }

  /** Moves all messages in flight back to the head of the waiting ones after a lost connection. */
  void connectionLost() {
    while (!inFlight.isEmpty()) {
      waiting.addFirst(inFlight.removeLast());
    }
    lastSeq = 0;
  }

  /** Removes and returns all messages, oldest first. */
  List<TelemetryMessage> clear() {
    connectionLost();
    List<TelemetryMessage> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }
}
