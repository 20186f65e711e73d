/**
 * Devices that come by HTTP: uploads, short and long polls, exchanges, results, twins, all below
 * {@code /device/v1/}. A request comes in on its connection's event loop and goes to the loop that
 * the device has its home on, where all that is known of it is touched, without a lock; the answer
 * goes back to the connection's. Readings are handed to {@code telemetry}, commands are asked of
 * {@code command}, the next poll's time of {@code polling}.
 */
@NullMarked
package io.signalbox.hub.gateway.http;

import org.jspecify.annotations.NullMarked;
