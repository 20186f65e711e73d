package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.QUEUED;
import static io.signalbox.hub.model.Command.State.SENT;

import io.signalbox.hub.model.Command;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Counts over commands and their timelines. */
final class DeliveryCounts {
  private DeliveryCounts() {}

  /** Unfinished commands of a device, oldest first. */
  static List<Command> unfinished(Collection<Command> all, String device) {
    return all.stream().filter(c -> c.device().equals(device) && !c.state().isFinal()).toList();
  }

  /** Number of a device's unanswered commands. */
  static long underWay(Collection<Command> all, String device) {
    return unfinished(all, device).stream().filter(c -> c.state() == SENT).count();
  }

  /** Number of deliveries. */
  static long sendings(Command command) {
    return command.timeline().stream().filter(step -> step.state() == SENT).count();
  }

  /** The newest session that it was sent through; 0 if it never was. */
  static long handedTo(Command command) {
    return command.timeline().stream()
        .filter(step -> step.state() == SENT)
        .mapToLong(step -> Objects.requireNonNull(step.session()))
        .max()
        .orElse(0);
  }

  /** Whether it was ever in that state. */
  static boolean wasOnce(Command present, Command command) {
    return present.version() >= command.version()
        && present.timeline().subList(0, command.version()).equals(command.timeline());
  }

  /** Whether nothing but its life has changed, and that by one step. */
  static boolean isOneStepOn(Command before, Command after) {
    Command same =
        after.with(before.expectedBy(), before.result(), before.error(), before.timeline());
    return after.version() == before.version() + 1 && wasOnce(after, before) && same.equals(before);
  }

  /** Whether a newer one that is queued stands for this queued one. */
  static boolean hasNewer(Command command, Collection<Command> all) {
    List<Command> queued =
        unfinished(all, command.device()).stream().filter(c -> c.state() == QUEUED).toList();
    String key = command.collapse();
    return key != null
        && queued.subList(queued.indexOf(command) + 1, queued.size()).stream()
            .anyMatch(newer -> key.equals(newer.collapse()));
  }
}
