/**
 * Counters, latencies, the progress line, the report, and verification against the hub's history.
 */
@NullMarked
package io.signalbox.sim.report;

import org.jspecify.annotations.NullMarked;
