/**
 * Measures what a reading, an idle connection, a command and a held request cost the hub's process,
 * the first two beside a bare Vert.x WebSocket echo in the same run. Server CPU and resident memory
 * hold on a noisy machine; throughput and latency do not; latency is told only of commands, where
 * it is what one waits for.
 */
@NullMarked
package io.signalbox.sim.bench;

import org.jspecify.annotations.NullMarked;
