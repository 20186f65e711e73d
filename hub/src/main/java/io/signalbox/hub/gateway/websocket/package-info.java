/**
 * Devices on a WebSocket: {@code GET /device/v1/stream}. Frames come in and become messages of a
 * {@code DeviceSession}; what it has to say goes out as frames. Everything here stays on the
 * connection's event loop.
 */
@NullMarked
package io.signalbox.hub.gateway.websocket;

import org.jspecify.annotations.NullMarked;
