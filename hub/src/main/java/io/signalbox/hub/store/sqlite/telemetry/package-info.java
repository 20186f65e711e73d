/**
 * The embedded twin of {@code TelemetryStore}: readings in one SQLite file, {@code telemetry.db}.
 *
 * <p>In come batches, out go futures that complete when a batch is durable, and answers to queries.
 * One thread writes, a few read; neither is ever an event loop. The memo at the top of {@link
 * io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore} tells how a reading travels.
 */
@NullMarked
package io.signalbox.hub.store.sqlite.telemetry;

import org.jspecify.annotations.NullMarked;
