/** Tests of the telemetry store in Redis. */
@NullMarked
package io.signalbox.hub.store.redis.telemetry;

import org.jspecify.annotations.NullMarked;
