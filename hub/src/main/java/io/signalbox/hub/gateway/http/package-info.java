/**
 * HTTP transport of devices, on the main HTTP port below {@code /device/v1/}: uploads, short and
 * long polls, event streams, exchanges, results and twins. A request comes in on the event loop of
 * its connection, and runs on the loop that the device is assigned to, where all its state is used
 * without locks; the response goes back to the loop of the connection. Readings go to {@code
 * telemetry}, commands come from {@code command}, and the time of the next poll from {@code
 * polling}.
 */
@NullMarked
package io.signalbox.hub.gateway.http;

import org.jspecify.annotations.NullMarked;
