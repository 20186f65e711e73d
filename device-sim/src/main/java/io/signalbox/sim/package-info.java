/**
 * Device simulator: reads the command line, registers devices, runs them on a few event loops and
 * prints a report. Each device stays on one event loop; the main thread only coordinates.
 */
@NullMarked
package io.signalbox.sim;

import org.jspecify.annotations.NullMarked;
