/**
 * WebSocket transport of devices: {@code GET /device/v1/stream} on the main HTTP port. Frames come
 * in and become messages of a {@code DeviceSession}; its replies, commands and desired states go
 * out as frames. Runs on the event loop of the connection.
 */
@NullMarked
package io.signalbox.hub.gateway.websocket;

import org.jspecify.annotations.NullMarked;
