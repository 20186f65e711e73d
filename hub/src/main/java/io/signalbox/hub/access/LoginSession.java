package io.signalbox.hub.access;

/**
 * Login session of a person.
 *
 * @param token value of the cookie
 * @param expires Unix milliseconds, by the present wall clock
 */
public record LoginSession(String token, long expires) {}
