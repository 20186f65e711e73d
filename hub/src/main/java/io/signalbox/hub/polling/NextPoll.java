package io.signalbox.hub.polling;

/**
 * When the next poll should be.
 *
 * @param millis milliseconds from now, at least 1
 * @param reason why then
 */
public record NextPoll(long millis, PollReason reason) {}
