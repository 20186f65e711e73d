/**
 * Typed topics over the event bus of this node. Values travel by reference and must be immutable.
 */
@NullMarked
package io.signalbox.hub.bus;

import org.jspecify.annotations.NullMarked;
