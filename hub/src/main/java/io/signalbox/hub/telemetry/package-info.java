/**
 * Takes readings in, keeps them durable through {@code TelemetryStore}, passes them on in batches,
 * answers for latest values and history. Intakes belong to an event loop each; everything else may
 * be called from any thread.
 */
@NullMarked
package io.signalbox.hub.telemetry;

import org.jspecify.annotations.NullMarked;
