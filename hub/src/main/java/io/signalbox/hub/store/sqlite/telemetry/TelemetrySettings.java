package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/**
 * Settings of the telemetry store.
 *
 * @param retention how long readings are kept, rounded to days; zero keeps them for ever
 * @param commitInterval minimum time between two commits: under load, batches that arrive within it
 *     share a commit; a batch that arrives at an idle store is committed at once
 * @param chunkReadings readings of a series per chunk
 * @param maxQueuedReadings readings that may wait for a commit before more are refused
 * @param maxJournalBytes maximum size of the journal before readings move to chunks that are not
 *     full yet; bounds the recovery time after a crash
 * @param maxOpenChunkBytes maximum memory of the chunks that are not full yet
 */
public record TelemetrySettings(
    @Setting(
            value = "0s",
            range = "0s..36500d",
            doc = "Retention of readings, in whole days; 0s keeps them for ever.")
        Duration retention,
    @Setting(
            value = "5ms",
            range = "0ms..999ms",
            doc = "Minimum time between commits under load; an idle store commits at once.")
        Duration commitInterval,
    @Setting(value = "360", range = "2..65536", doc = "Number of readings of a series per chunk.")
        int chunkReadings,
    @Setting(
            value = "200000",
            range = "1..100000000",
            doc = "Maximum number of readings that wait for a commit; more are refused.")
        int maxQueuedReadings,
    @Setting(
            value = "16777216",
            range = "1..1099511627776",
            doc = "Maximum size of the journal, in bytes; bounds the recovery time after a crash.")
        long maxJournalBytes,
    @Setting(
            value = "67108864",
            range = "1..1099511627776",
            doc = "Maximum memory of chunks that are not full yet, in bytes.")
        long maxOpenChunkBytes) {

  /**
   * The defaults: retention for ever, commitInterval 5 ms, chunks of 360, queue of 200,000, journal
   * of 16 MiB, 64 MiB of open chunks.
   */
  public static final TelemetrySettings DEFAULTS =
      new TelemetrySettings(
          Duration.ZERO, Duration.ofMillis(5), 360, 200_000, 16L << 20, 64L << 20);

  /** Rejects invalid values with the name of the setting. */
  public TelemetrySettings {
    require(!retention.isNegative(), "retention must not be negative");
    require(
        retention.isZero() || retention.compareTo(Duration.ofDays(1)) >= 0,
        "retention must be zero (for ever) or at least a day");
    require(!commitInterval.isNegative(), "commitInterval must not be negative");
    require(commitInterval.toSeconds() < 1, "commitInterval must be less than a second");
    require(chunkReadings >= 2 && chunkReadings <= 65_536, "chunkReadings must be 2 to 65536");
    require(maxQueuedReadings >= 1, "maxQueuedReadings must be at least 1");
    require(maxJournalBytes >= 1, "maxJournalBytes must be at least 1");
    require(maxOpenChunkBytes >= 1, "maxOpenChunkBytes must be at least 1");
  }

  /** The same settings with another retention. */
  public TelemetrySettings withRetention(Duration kept) {
    return new TelemetrySettings(
        kept, commitInterval, chunkReadings, maxQueuedReadings, maxJournalBytes, maxOpenChunkBytes);
  }

  private static void require(boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
