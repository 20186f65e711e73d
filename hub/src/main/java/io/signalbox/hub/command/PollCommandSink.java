package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import java.util.List;

/**
 * A device's request for commands that is held until there are some. What it is given is leased:
 * the steps {@code SENT} are durable before it is called. It must not block, and hops to its own
 * loop.
 */
@FunctionalInterface
public interface PollCommandSink {
  /**
   * Called once at most, on the room's thread: here are commands, in order. If they cannot be
   * written any more they are to be {@linkplain CommandService#returnUndelivered given back}.
   */
  void deliver(List<Command> commands);
}
