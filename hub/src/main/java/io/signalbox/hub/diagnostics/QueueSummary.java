package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device has before it.
 *
 * @param queued commands that wait to be sent
 * @param sent commands that were sent and are not answered
 * @param accepted commands that the device has accepted and not finished
 * @param window most commands that are sent before one of them is answered
 * @param oldest Unix milliseconds at which the oldest of them all was made; null if there are none
 */
public record QueueSummary(int queued, int sent, int accepted, int window, @Nullable Long oldest) {
  static QueueSummary of(List<Command> unfinished, int window) {
    return new QueueSummary(
        count(unfinished, State.QUEUED),
        count(unfinished, State.SENT),
        count(unfinished, State.ACCEPTED),
        window,
        unfinished.isEmpty() ? null : (Long) unfinished.getFirst().created());
  }

  private static int count(List<Command> commands, State state) {
    return (int) commands.stream().filter(command -> command.state() == state).count();
  }
}
