package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a device has before it. */
final class QueueDiagnosis {
  private final DeviceSnapshot here;

  QueueDiagnosis(DeviceSnapshot situation) {
    this.here = situation;
  }

  List<Reason> all() {
    return Stream.of(waiting(), notDue(), unanswered()).flatMap(Optional::stream).toList();
  }

  /** What waits for it and for nothing else. */
  Optional<Reason> waiting() {
    List<Command> due = queued(command -> command.notBefore() <= here.now());
    return due.isEmpty()
        ? Optional.empty()
        : Optional.of(commands("commands-waiting", due, "waits for it", "wait for it"));
  }

  private Optional<Reason> notDue() {
    List<Command> held = queued(command -> command.notBefore() > here.now());
    String several = "are not to be sent to it yet";
    return held.isEmpty()
        ? Optional.empty()
        : Optional.of(commands("commands-not-due", held, "is not to be sent to it yet", several));
  }

  private List<Command> queued(Predicate<Command> which) {
    return here.in(State.QUEUED).stream().filter(which).toList();
  }

  private Optional<Reason> unanswered() {
    List<Command> sent = here.in(State.SENT);
    return sent.isEmpty()
        ? Optional.empty()
        : Optional.of(
            commands(
                "commands-unanswered",
                sent,
                "was sent to it and is not answered",
                "were sent to it and are not answered"));
  }

  private Reason commands(String code, List<Command> commands, String one, String several) {
    Command oldest = commands.getFirst();
    String age = here.since(oldest.created());
    String text =
        commands.size() == 1
            ? "1 command %s: '%s', made %s ago".formatted(one, oldest.name(), age)
            : "%d commands %s, the oldest of them '%s', made %s ago"
                .formatted(commands.size(), several, oldest.name(), age);
    return new Reason(code, text, oldest.created());
  }
}
