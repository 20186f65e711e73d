/**
 * The simulator: reads the command line, registers its devices, runs them on a few event loops and
 * ends with a report. A {@link io.signalbox.sim.SimDevice} lives on one loop for life; the main
 * thread only starts, waits and reports.
 */
@NullMarked
package io.signalbox.sim;

import org.jspecify.annotations.NullMarked;
