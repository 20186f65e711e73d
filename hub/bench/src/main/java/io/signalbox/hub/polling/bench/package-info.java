/**
 * Benchmark of poll strategies in virtual time, on steady, bursty, daily and recorded workloads:
 * {@code ./signalbox bench polling}. Prints Markdown tables and writes a plot. A Maven module of
 * its own, because the hub does not use it. Deterministic for a given number of seeds. Threading:
 * one thread.
 */
@NullMarked
package io.signalbox.hub.polling.bench;

import org.jspecify.annotations.NullMarked;
