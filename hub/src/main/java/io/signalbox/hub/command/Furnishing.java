package io.signalbox.hub.command;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.model.Event;
import java.util.function.LongSupplier;

/**
 * What a room is made with.
 *
 * @param node this node's name, for timelines
 * @param clock Unix milliseconds
 */
record Furnishing(
    CommandStore store,
    Registry registry,
    Topic<Event.CommandChanged> changes,
    String node,
    LongSupplier clock,
    CommandSettings settings) {}
