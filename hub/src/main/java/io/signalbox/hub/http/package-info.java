/**
 * HTTP requests and responses for all endpoints. Requests come in from Vert.x on the event loop of
 * their connection; {@code HttpExchange} writes one response for each, complete or streamed. Bodies
 * are limited in size and time, query errors name the parameter, and every failure becomes a
 * problem document (RFC 9457). Knows HTTP only, nothing of devices, commands or users.
 */
@NullMarked
package io.signalbox.hub.http;

import org.jspecify.annotations.NullMarked;
