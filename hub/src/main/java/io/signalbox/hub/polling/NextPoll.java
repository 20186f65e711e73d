package io.signalbox.hub.polling;

/**
 * Time of the next poll.
 *
 * @param millis milliseconds from now, at least 1
 * @param reason reason for this time
 */
public record NextPoll(long millis, PollReason reason) {}
