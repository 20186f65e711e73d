/**
 * History of a series, as every telemetry store keeps it: chunks with statistics in two layers.
 * Scans of chunks in time order, and the reductions of what they find. Pure computation without
 * files, connections or threads.
 */
@NullMarked
package io.signalbox.hub.store.telemetry;

import org.jspecify.annotations.NullMarked;
