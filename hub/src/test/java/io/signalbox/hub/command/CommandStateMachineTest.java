package io.signalbox.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CommandStateMachineTest {
  private static final Session SESSION =
      new Session("pump-7", 3, Transport.WEBSOCKET, "10.0.0.7", 0);

  private static final Map<String, CommandTrigger> OCCURRENCES =
      Map.ofEntries(
          Map.entry("handed", new CommandTrigger.Dispatched(SESSION, null)),
          Map.entry("accepted", answer(State.ACCEPTED)),
          Map.entry("succeeded", answer(State.SUCCEEDED)),
          Map.entry("failed", answer(State.FAILED)),
          Map.entry("rejected", answer(State.REJECTED)),
          Map.entry("nonsense", answer(State.SENT)),
          Map.entry("stale", staleAnswer()),
          Map.entry("lost", new CommandTrigger.Lost("closed")),
          Map.entry("timeOver", new CommandTrigger.TimedOut()),
          Map.entry("cancelled", new CommandTrigger.Cancelled("ann", null, Precondition.NONE)),
          Map.entry("superseded", new CommandTrigger.Superseded("newer")),
          Map.entry("deviceGone", new CommandTrigger.DeviceDeleted()));

  /** A state: as it is; {@code -}: nothing changes; {@code !}: refused with that code. */
  private static final String TABLE =
      """
      |            | fresh            | again      | sent      | accepted  | over          |
      | handed     | sent             | sent       | -         | -         | -             |
      | accepted   | !unknown-command | accepted   | accepted  | -         | !command-finished |
      | succeeded  | !unknown-command | succeeded  | succeeded | succeeded | !command-finished |
      | failed     | !unknown-command | failed     | failed    | failed    | !command-finished |
      | rejected   | !unknown-command | rejected   | rejected  | rejected  | !command-finished |
      | nonsense   | !unknown-command | !invalid   | !invalid  | !invalid  | !command-finished |
      | stale      | !unknown-command | !conflict  | !conflict | !conflict | !command-finished |
      | lost       | -                | -          | queued    | -         | -             |
      | timeOver   | expired          | expired    | expired   | expired   | -             |
      | cancelled  | cancelled        | cancelled  | !conflict | !conflict | !command-finished |
      | superseded | superseded       | superseded | -         | -         | -             |
      | deviceGone | cancelled        | cancelled  | cancelled | cancelled | -             |
      """;

  @TestFactory
  Stream<DynamicTest> every_transition_matches_the_table() {
    List<List<String>> rows = TABLE.lines().map(CommandStateMachineTest::cells).toList();
    List<String> states = rows.getFirst();
    List<DynamicTest> tests = new ArrayList<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      for (int column = 1; column < row.size(); column++) {
        tests.addAll(cell(row.getFirst(), states.get(column), row.get(column)));
      }
    }
    return tests.stream();
  }

  @Test
  void the_table_covers_every_trigger() {
    Set<String> inTable =
        Set.copyOf(TABLE.lines().skip(1).map(line -> cells(line).getFirst()).toList());
    Set<Class<?>> kinds = Set.of(CommandTrigger.class.getPermittedSubclasses());

    assertThat(inTable).isEqualTo(OCCURRENCES.keySet());
    assertThat(OCCURRENCES.values().stream().<Class<?>>map(Object::getClass)).containsAll(kinds);
  }

  @Test
  void a_command_that_is_lost_a_hundred_times_fails() {
    Command often = command(handedOut(CommandStateMachine.MOST_DELIVERIES));

    CommandStateMachine.Transition outcome =
        CommandStateMachine.next(often, new CommandTrigger.Lost("closed"));

    assertThat(outcome)
        .isEqualTo(
            new CommandStateMachine.Transition.To(
                State.FAILED, null, "sent 100 times and never answered"));
  }

  private static List<DynamicTest> cell(String occurrence, String state, String expected) {
    return commands(state).stream().map(each -> test(each, occurrence, expected)).toList();
  }

  private static DynamicTest test(Command command, String occurrence, String expected) {
    CommandTrigger what = Objects.requireNonNull(OCCURRENCES.get(occurrence));
    List<State> past = command.timeline().stream().map(Step::state).toList();
    return DynamicTest.dynamicTest(
        "%s after %s: %s".formatted(occurrence, past, expected),
        () -> assertThat(outcome(command, what)).isEqualTo(expected));
  }

  private static String outcome(Command command, CommandTrigger what) {
    return switch (CommandStateMachine.next(command, what)) {
      case CommandStateMachine.Transition.To move -> move.to().name().toLowerCase(Locale.ROOT);
      case CommandStateMachine.Transition.Ignore nothing -> "-";
      case CommandStateMachine.Transition.Reject no -> "!" + no.refusal().kind().code();
    };
  }

  private static List<Command> commands(String state) {
    return switch (state) {
      case "fresh" -> List.of(command(List.of(State.QUEUED)));
      case "again" -> List.of(command(List.of(State.QUEUED, State.SENT, State.QUEUED)));
      case "sent" -> List.of(command(List.of(State.QUEUED, State.SENT)));
      case "accepted" -> List.of(command(List.of(State.QUEUED, State.SENT, State.ACCEPTED)));
      case "over" ->
          EnumSet.allOf(State.class).stream()
              .filter(State::isFinal)
              .map(last -> command(List.of(State.QUEUED, State.SENT, last)))
              .toList();
      default -> throw new IllegalArgumentException(state);
    };
  }

  private static List<State> handedOut(int times) {
    return Collections.nCopies(times, List.of(State.QUEUED, State.SENT)).stream()
        .flatMap(List::stream)
        .toList();
  }

  private static Command command(List<State> states) {
    List<Step> timeline =
        states.stream().map(state -> new Step(state, 0, "hub", 3L, null, null, null)).toList();
    return new Command(
        "id", "pump-7", "start", "{}", 0, 1000, 0, null, null, null, null, null, null, timeline);
  }

  private static CommandTrigger answer(State status) {
    return new CommandTrigger.Answered(SESSION, new CommandResult("id", status, null, null), true);
  }

  /** Through a session older than the one that the command was handed to. */
  private static CommandTrigger staleAnswer() {
    Session older = new Session("pump-7", 2, Transport.WEBSOCKET, "10.0.0.7", 0);
    return new CommandTrigger.Answered(
        older, new CommandResult("id", State.SUCCEEDED, null, null), true);
  }

  private static List<String> cells(String line) {
    return Stream.of(line.strip().substring(1).split("\\|")).map(String::strip).toList();
  }
}
