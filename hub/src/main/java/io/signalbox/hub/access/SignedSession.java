package io.signalbox.hub.access;

/**
 * A person's session.
 *
 * @param token for the cookie
 * @param expires Unix milliseconds
 */
public record SignedSession(String token, long expires) {}
