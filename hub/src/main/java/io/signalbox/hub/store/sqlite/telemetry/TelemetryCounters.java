package io.signalbox.hub.store.sqlite.telemetry;

/**
 * Counters of the store since it was opened, and its current size.
 *
 * @param commits number of group commits
 * @param readings number of durable readings
 * @param journalBytes bytes of journal entries written
 * @param chunkBytes bytes of chunks written
 * @param replayed readings recovered from the journal at the start
 * @param refused refused readings: full disk, or too many waiting
 * @param waiting readings that wait for a commit now
 * @param series number of series
 */
public record TelemetryCounters(
    long commits,
    long readings,
    long journalBytes,
    long chunkBytes,
    long replayed,
    long refused,
    long waiting,
    long series) {}
