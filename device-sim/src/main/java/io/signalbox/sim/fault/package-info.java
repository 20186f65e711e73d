/**
 * Faults made on purpose, so that a run shows what the hub does with cut connections and with
 * messages sent twice.
 */
@NullMarked
package io.signalbox.sim.fault;

import org.jspecify.annotations.NullMarked;
