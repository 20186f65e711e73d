/**
 * Measures what a reading and an idle connection cost the hub's process, beside a bare Vert.x
 * WebSocket echo in the same run. Server CPU and resident memory hold on a noisy machine;
 * throughput and latency do not, and are not reported.
 */
@NullMarked
package io.signalbox.sim.bench;

import org.jspecify.annotations.NullMarked;
