/**
 * API keys and scopes, the first admin key of a new hub, and signed login sessions. Input: keys and
 * session tokens of HTTP requests. Output: principals, or refusals. Port: {@code AccessStore}. Any
 * thread may call; futures complete on any thread.
 */
@NullMarked
package io.signalbox.hub.access;

import org.jspecify.annotations.NullMarked;
