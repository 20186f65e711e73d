package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;

/**
 * The way to a device's session. Called on the room's thread, in the order of delivery; it must not
 * block, and hops to the session's own loop. The step {@code SENT} is durable before it is called:
 * should the session end before the command is written, detaching takes it back.
 */
@FunctionalInterface
public interface CommandSink {
  /** Writes the command to the session. */
  void deliver(Command command);
}
