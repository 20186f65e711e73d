/**
 * Redis implementation of {@code TelemetryStore}, for any number of nodes. {@link
 * io.signalbox.hub.store.redis.telemetry.RedisTelemetryStore} describes how readings are kept.
 */
@NullMarked
package io.signalbox.hub.store.redis.telemetry;

import org.jspecify.annotations.NullMarked;
