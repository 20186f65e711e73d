package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reasons that concern the unfinished commands of a device. */
final class QueueDiagnosis {
  private final DeviceSnapshot snapshot;

  QueueDiagnosis(DeviceSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  List<Reason> all() {
    return Stream.of(waiting(), notDue(), unanswered()).flatMap(Optional::stream).toList();
  }

  /** Commands that wait only for the device. */
  Optional<Reason> waiting() {
    List<Command> due = queued(command -> command.notBefore() <= snapshot.now());
    return due.isEmpty()
        ? Optional.empty()
        : Optional.of(commands("commands-waiting", due, "waits for it", "wait for it"));
  }

  private Optional<Reason> notDue() {
    List<Command> held = queued(command -> command.notBefore() > snapshot.now());
    String several = "are not due yet";
    return held.isEmpty()
        ? Optional.empty()
        : Optional.of(commands("commands-not-due", held, "is not due yet", several));
  }

  private List<Command> queued(Predicate<Command> which) {
    return snapshot.in(State.QUEUED).stream().filter(which).toList();
  }

  private Optional<Reason> unanswered() {
    List<Command> sent = snapshot.in(State.SENT);
    return sent.isEmpty()
        ? Optional.empty()
        : Optional.of(
            commands(
                "commands-unanswered",
                sent,
                "was sent to it and is unanswered",
                "were sent to it and are unanswered"));
  }

  private Reason commands(String code, List<Command> commands, String one, String several) {
    Command oldest = commands.getFirst();
    String age = snapshot.since(oldest.created());
    String text =
        commands.size() == 1
            ? "1 command %s: '%s', created %s ago".formatted(one, oldest.name(), age)
            : "%d commands %s, the oldest is '%s', created %s ago"
                .formatted(commands.size(), several, oldest.name(), age);
    return new Reason(code, text, oldest.created());
  }
}
