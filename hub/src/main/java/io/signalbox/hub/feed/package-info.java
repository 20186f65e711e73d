/**
 * The event feed for programs and the console, on the main HTTP port: WebSocket, server-sent events
 * and long polls. Events come in from the bus and are appended to one log per node ({@code
 * EventFeed}); frames go out, each encoded once for all clients. Cursors, filters and conflation
 * are per subscription, and memory is bounded. A {@code FeedDispatcher} serves the clients of each
 * event loop on that loop.
 */
@NullMarked
package io.signalbox.hub.feed;

import org.jspecify.annotations.NullMarked;
