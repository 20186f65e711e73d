/**
 * Fault injection, to show how the hub handles cut connections, duplicate messages and misbehaving
 * devices.
 */
@NullMarked
package io.signalbox.sim.fault;

import org.jspecify.annotations.NullMarked;
