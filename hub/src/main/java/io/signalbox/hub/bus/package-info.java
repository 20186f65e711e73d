/**
 * Typed topics on the event bus of this node, and switching between threads. Values of topics are
 * passed by reference and must be immutable. {@link io.signalbox.hub.bus.Contexts} completes
 * futures on an event loop, {@link io.signalbox.hub.bus.SerialExecutor} runs tasks one at a time
 * without a thread, {@link io.signalbox.hub.bus.ConfinedExecutor} is the entry to a component that
 * is confined to either, {@link io.signalbox.hub.bus.SerialQueue} runs asynchronous operations one
 * at a time, and {@link io.signalbox.hub.bus.OptimisticRetry} repeats those that were based on
 * stale reads.
 */
@NullMarked
package io.signalbox.hub.bus;

import org.jspecify.annotations.NullMarked;
