package io.signalbox.hub.telemetry;

/**
 * What a telemetry store counts, for metrics.
 *
 * @param commits group commits since the store was opened
 * @param replayed readings that the start recovered from a journal
 * @param pending readings that wait for a commit now
 * @param series stored series now
 */
public record StoreStatistics(long commits, long replayed, long pending, long series) {}
