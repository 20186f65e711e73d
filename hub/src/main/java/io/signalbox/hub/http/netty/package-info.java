/**
 * The threshold of the HTTP listener, before anything is a request: tells HTTP/2 from HTTP/1.1 on a
 * connection in clear text, keeps what a client may not ask of the protocol itself away from it,
 * and answers what is no HTTP with a problem document. Everything on the connection's event loop.
 */
@NullMarked
package io.signalbox.hub.http.netty;

import org.jspecify.annotations.NullMarked;
