/**
 * Feed clients over HTTP, on the main port: streams of server-sent events, and long polls. Handlers
 * and clients belong to one event loop.
 */
@NullMarked
package io.signalbox.hub.feed.http;

import org.jspecify.annotations.NullMarked;
