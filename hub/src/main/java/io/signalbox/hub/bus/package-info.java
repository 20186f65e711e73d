/**
 * Typed topics over the event bus of this node. Values travel by reference and must be immutable.
 * {@link io.signalbox.hub.bus.Contexts} brings a future's end to the event loop where it is wanted,
 * {@link io.signalbox.hub.bus.ConfinedExecutor} a caller into a room that lives on one.
 */
@NullMarked
package io.signalbox.hub.bus;

import org.jspecify.annotations.NullMarked;
