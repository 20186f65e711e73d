/**
 * WebSocket connections as RFC 6455 wants them. Vert.x does the HTTP part and the opening
 * handshake; from then on a {@code WebSocketConnection} owns the channel: frames are checked to the
 * letter, writes of one turn leave in one system call, reading stops while the peer does not read,
 * and an idle connection costs little more than its Netty channel. Frames go in, whole messages
 * come out, on the connection's event loop only.
 */
@NullMarked
package io.signalbox.hub.websocket;

import org.jspecify.annotations.NullMarked;
