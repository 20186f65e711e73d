/**
 * WebSocket connections (RFC 6455) on the ports of the device gateway and the feed. Vert.x does the
 * opening handshake; then a {@code WebSocketConnection} owns the channel. Frames come in from
 * Netty, complete messages go out to a {@code WebSocketListener}, all on the connection's event
 * loop. Frames are checked strictly, the writes of one turn leave in one system call, and reading
 * stops while the peer does not read.
 */
@NullMarked
package io.signalbox.hub.websocket;

import org.jspecify.annotations.NullMarked;
