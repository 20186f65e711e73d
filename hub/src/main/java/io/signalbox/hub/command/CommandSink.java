package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;

/**
 * Sink for the commands of a connected session. Called in a task of the engine, in delivery order;
 * it must not block, and switches to the session's event loop. The step {@code SENT} is durable
 * before the call: if the session ends before the command is written, detaching requeues it.
 */
@FunctionalInterface
public interface CommandSink {
  /** Writes the command to the session. */
  void deliver(Command command);
}
