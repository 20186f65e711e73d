/**
 * What a device is: machines that obey physics and commands, recordings that are played back, and
 * the readings that come out of both. Plain Java, no clock of its own: time is handed in.
 */
@NullMarked
package io.signalbox.sim.model;

import org.jspecify.annotations.NullMarked;
