/**
 * Benchmarks of the hub's CPU and memory per reading, idle connection, command and held request,
 * the first two next to a plain Vert.x WebSocket echo in the same run. CPU and resident memory are
 * reliable on a noisy machine, throughput and latency are not; latency is reported only for
 * commands.
 */
@NullMarked
package io.signalbox.sim.bench;

import org.jspecify.annotations.NullMarked;
