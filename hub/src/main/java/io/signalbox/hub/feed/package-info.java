/**
 * The event feed for programs and the console. Events come in from the bus and are appended to one
 * log per node ({@code EventFeed}). Cursors, filters and conflation are per subscription, and
 * memory is bounded. Each event is encoded once for all clients. A {@code FeedDispatcher} serves
 * the clients of each event loop on that loop; the packages below have the clients of each
 * transport.
 */
@NullMarked
package io.signalbox.hub.feed;

import org.jspecify.annotations.NullMarked;
