package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.QUEUED;

import io.signalbox.hub.model.Command;
import java.util.List;

/**
 * What a device has still to come for.
 *
 * @param due commands that could be handed out now: polls that want no more of them, or a window
 *     that is full, have left them
 * @param nextDue when the next of those that are held back falls due (ms); 0 if none is
 */
public record Backlog(int due, long nextDue) {
  static Backlog of(List<Command> unfinished, long now) {
    int due = 0;
    long next = Long.MAX_VALUE;
    for (Command command : unfinished) {
      if (command.state() == QUEUED && command.notBefore() <= now) {
        due++;
      } else if (command.state() == QUEUED) {
        next = Math.min(next, command.notBefore());
      }
    }
    return new Backlog(due, next == Long.MAX_VALUE ? 0 : next);
  }
}
