package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.QUEUED;

import io.signalbox.hub.model.Command;
import java.util.List;

/**
 * Commands that a device can still fetch.
 *
 * @param due commands that could be delivered now: a poll with a limit or a full window has left
 *     them queued
 * @param nextDue when the next scheduled command is due (Unix milliseconds); 0 if there is none
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
