package io.signalbox.hub.polling;

/**
 * When the next poll should be.
 *
 * @param millis milliseconds from now, at least 1
 * @param because why then
 */
public record Planned(long millis, Because because) {}
