/**
 * Authentication of HTTP requests other than those of devices. An API key or a session cookie comes
 * in; a principal with one of the required scopes goes out, or a refusal. Wrong keys are counted by
 * address. Called on the event loop of the connection.
 */
@NullMarked
package io.signalbox.hub.http.auth;

import org.jspecify.annotations.NullMarked;
