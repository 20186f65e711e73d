/**
 * Who may do what: API keys and their scopes, the first key of a new hub, and the signed sessions
 * of people. Any thread may call; futures complete on any thread.
 */
@NullMarked
package io.signalbox.hub.access;

import org.jspecify.annotations.NullMarked;
