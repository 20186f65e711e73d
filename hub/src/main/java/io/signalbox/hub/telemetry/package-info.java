/**
 * Telemetry: ingestion of readings, durable storage and queries. Input: messages from the gateway,
 * one {@code TelemetryIngest} per event loop. Output: acknowledgements, durable readings in batches
 * on the bus, latest values and series. Port: {@code TelemetryStore}. Ingestion is confined to its
 * event loop; everything else may be called from any thread.
 */
@NullMarked
package io.signalbox.hub.telemetry;

import org.jspecify.annotations.NullMarked;
