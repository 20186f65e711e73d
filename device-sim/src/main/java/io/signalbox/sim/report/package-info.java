/** What a run tells: counts, latencies, the progress line, and the proof from the hub's history. */
@NullMarked
package io.signalbox.sim.report;

import org.jspecify.annotations.NullMarked;
