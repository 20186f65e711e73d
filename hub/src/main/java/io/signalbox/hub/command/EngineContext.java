package io.signalbox.hub.command;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Event;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Dependencies of the command engine.
 *
 * @param changes receives every step, once it is durable
 * @param expected when a device that is not connected is expected (Unix milliseconds); null if
 *     unknown
 * @param node name of this node, for timelines
 * @param clock Unix milliseconds
 */
record EngineContext(
    CommandStore store,
    Consumer<Event.CommandChanged> changes,
    Function<String, @Nullable Long> expected,
    String node,
    HubClock clock,
    CommandSettings settings) {
  /** The same dependencies with an additional listener for steps. */
  EngineContext withListener(Consumer<Command> listener) {
    return new EngineContext(
        store,
        changes.andThen(step -> listener.accept(step.command())),
        expected,
        node,
        clock,
        settings);
  }
}
