package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many steps commands have taken since the start, and how long devices took to answer.
 *
 * <p>Threading: any thread.
 */
final class CommandMetrics {
  /** Commands are scheduled at most thirty days ahead, and live for as many. */
  private static final long LONGEST_MILLIS = Duration.ofDays(60).toMillis();

  private final Map<State, LongAdder> steps = new EnumMap<>(State.class);
  private final LongAdder answerMillis = new LongAdder();

  CommandMetrics() {
    for (State state : State.values()) {
      steps.put(state, new LongAdder());
    }
  }

  /** A command has just come into its state. */
  void count(Command command) {
    adder(command.state()).increment();
    switch (command.state()) {
      case SUCCEEDED, FAILED, REJECTED -> answerMillis.add(answeredAfter(command));
      case QUEUED, SENT, ACCEPTED, EXPIRED, CANCELLED, SUPERSEDED -> {}
    }
  }

  /** Nothing if that cannot be: the wall clock has stepped in between. */
  private static long answeredAfter(Command command) {
    long millis = command.timeline().getLast().ts() - command.created();
    return millis > LONGEST_MILLIS ? 0 : millis;
  }

  /** How often a command came into the state. */
  long steps(State state) {
    return adder(state).sum();
  }

  /** From the making of commands to the end that their devices gave them, all together. */
  long answerMillis() {
    return answerMillis.sum();
  }

  private LongAdder adder(State state) {
    return Objects.requireNonNull(steps.get(state));
  }
}
