package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Summary of a device's unfinished commands.
 *
 * @param queued commands that wait for delivery
 * @param sent unanswered commands
 * @param accepted commands accepted and not finished
 * @param maxInFlight maximum number of unanswered commands
 * @param oldest Unix milliseconds at which the oldest was created; null if there are none
 */
public record QueueSummary(
    int queued, int sent, int accepted, int maxInFlight, @Nullable Long oldest) {
  static QueueSummary of(List<Command> unfinished, int maxInFlight) {
    return new QueueSummary(
        count(unfinished, State.QUEUED),
        count(unfinished, State.SENT),
        count(unfinished, State.ACCEPTED),
        maxInFlight,
        unfinished.isEmpty() ? null : (Long) unfinished.getFirst().created());
  }

  private static int count(List<Command> commands, State state) {
    return (int) commands.stream().filter(command -> command.state() == state).count();
  }
}
