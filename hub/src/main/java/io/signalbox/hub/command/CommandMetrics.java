package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of command steps since the start, and of the time that devices took to answer.
 *
 * <p>Threading: any thread.
 */
public final class CommandMetrics {
  /** Commands are scheduled at most 30 days ahead, and live for at most 30 days. */
  private static final long LONGEST_MILLIS = Duration.ofDays(60).toMillis();

  private final Map<State, LongAdder> steps = new EnumMap<>(State.class);
  private final LongAdder answerMillis = new LongAdder();

  CommandMetrics() {
    for (State state : State.values()) {
      steps.put(state, new LongAdder());
    }
  }

  /** Counts the step that a command has just taken. */
  void count(Command command) {
    adder(command.state()).increment();
    switch (command.state()) {
      case SUCCEEDED, FAILED, REJECTED -> answerMillis.add(answeredAfter(command));
      case QUEUED, SENT, ACCEPTED, EXPIRED, CANCELLED, SUPERSEDED -> {}
    }
  }

  /** 0 if the difference is impossible because the wall clock has stepped in between. */
  private static long answeredAfter(Command command) {
    long millis = command.timeline().getLast().ts() - command.created();
    return millis > LONGEST_MILLIS ? 0 : millis;
  }

  /** Number of steps into the state. */
  public long steps(State state) {
    return adder(state).sum();
  }

  /** Sum of the times from creation to the device's final answer, ms. */
  public long answerMillis() {
    return answerMillis.sum();
  }

  private LongAdder adder(State state) {
    return Objects.requireNonNull(steps.get(state));
  }
}
