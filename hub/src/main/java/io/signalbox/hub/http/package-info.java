/**
 * One HTTP request and its answer, for every door that speaks plain HTTP: bodies that are bounded
 * in size and time, queries that name the parameter at fault, answers that are written once, whole
 * or bit by bit, and problem documents (RFC 9457) for everything that goes wrong. Knows what is
 * said on the wire, but nothing of who asks or why. Everything on the event loop of the connection.
 */
@NullMarked
package io.signalbox.hub.http;

import org.jspecify.annotations.NullMarked;
