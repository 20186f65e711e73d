package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import java.util.List;

/**
 * Sink for the commands of a held poll. Delivered commands are leased: the steps {@code SENT} are
 * durable before the call. It must not block, and switches to its own event loop.
 */
@FunctionalInterface
public interface PollCommandSink {
  /**
   * Called at most once, in a task of the engine, with commands in order. If they cannot be
   * written, they must be {@linkplain CommandService#returnUndelivered returned}.
   */
  void deliver(List<Command> commands);
}
