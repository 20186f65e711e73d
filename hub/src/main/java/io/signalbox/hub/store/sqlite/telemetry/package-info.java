/**
 * SQLite implementation of {@code TelemetryStore}: readings in one file, {@code telemetry.db}.
 *
 * <p>Appends return futures that complete when the batch is durable. One thread writes, a few
 * threads answer queries; none of them is an event loop. {@link
 * io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore} describes the write path.
 */
@NullMarked
package io.signalbox.hub.store.sqlite.telemetry;

import org.jspecify.annotations.NullMarked;
