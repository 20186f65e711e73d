package io.signalbox.hub.store.sqlite.telemetry;

/**
 * What the store has done since it was opened, and how it stands.
 *
 * @param commits group commits
 * @param readings readings made durable
 * @param journalBytes bytes of journal entries written
 * @param chunkBytes bytes of chunks written
 * @param replayed readings that came back from the journal at start
 * @param refused readings that were refused: no room, or too many waiting
 * @param waiting readings that wait to be committed now
 * @param series how many series there are
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
