/** Feed clients over WebSocket, on the main port. Handlers and clients belong to one event loop. */
@NullMarked
package io.signalbox.hub.feed.websocket;

import org.jspecify.annotations.NullMarked;
