/**
 * The way in for devices: admission, sessions, heartbeat and flow control. In come a device's
 * frames, out go acknowledgements and commands; readings are handed to {@code telemetry}. A session
 * lives on its connection's event loop and is touched only there.
 */
@NullMarked
package io.signalbox.hub.gateway;

import org.jspecify.annotations.NullMarked;
