/**
 * Connection-level HTTP handling below Vert.x' requests, for every port of the hub. Accepted TCP
 * connections come in; they go on to Vert.x' HTTP server with protocol detection (HTTP/1.1 or
 * HTTP/2), PROXY headers, peer timeouts and timeouts for slow heads. Malformed, oversized and slow
 * requests get a problem document. Runs on the event loop of the connection.
 */
@NullMarked
package io.signalbox.hub.http.netty;

import org.jspecify.annotations.NullMarked;
