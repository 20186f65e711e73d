package io.signalbox.hub.command;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Event;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a room is made with.
 *
 * @param changes told of every step, once it is durable
 * @param expected when a device that takes no commands now is expected to come (ms); null if nobody
 *     can tell
 * @param node this node's name, for timelines
 * @param clock Unix milliseconds
 */
record EngineContext(
    CommandStore store,
    Consumer<Event.CommandChanged> changes,
    Function<String, @Nullable Long> expected,
    String node,
    HubClock clock,
    CommandSettings settings) {
  /** The same, with somebody else who is told of every step. */
  EngineContext alsoTelling(Consumer<Command> listener) {
    return new EngineContext(
        store,
        changes.andThen(step -> listener.accept(step.command())),
        expected,
        node,
        clock,
        settings);
  }
}
