package io.signalbox.hub.access;

/**
 * A person's session.
 *
 * @param token for the cookie
 * @param expires Unix milliseconds, as the wall clock goes now
 */
public record LoginSession(String token, long expires) {}
