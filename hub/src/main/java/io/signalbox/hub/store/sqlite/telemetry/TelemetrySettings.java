package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/**
 * How readings are kept.
 *
 * @param retention how long readings are kept, to the day; zero keeps them for ever
 * @param linger the least time from one commit to the next: under load, what comes within it shares
 *     a commit; a batch that comes to an idle store is committed at once
 * @param chunkReadings how many readings of a series make a chunk
 * @param queueReadings how many readings may wait to be committed before more are refused
 * @param journalBytes how long the journal may grow before readings move on to chunks that are not
 *     full yet; bounds the time to start after a crash
 * @param openBytes how much memory the chunks that are not full yet may take
 */
public record TelemetrySettings(
    @Setting(
            value = "0s",
            range = "0s..36500d",
            doc = "How long readings are kept, to the day; 0s keeps them for ever.")
        Duration retention,
    @Setting(
            value = "5ms",
            range = "0ms..999ms",
            doc =
                "Least time from one commit to the next under load; an idle store commits at once.")
        Duration linger,
    @Setting(value = "360", range = "2..65536", doc = "How many readings of a series make a chunk.")
        int chunkReadings,
    @Setting(
            value = "200000",
            range = "1..100000000",
            doc = "How many readings may wait to be committed before more are refused.")
        int queueReadings,
    @Setting(
            value = "16777216",
            range = "1..1099511627776",
            doc =
                "How long the journal may grow, in bytes; bounds the time to start after a crash.")
        long journalBytes,
    @Setting(
            value = "67108864",
            range = "1..1099511627776",
            doc = "How much memory the chunks that are not full yet may take, in bytes.")
        long openBytes) {

  /** Readings for ever, 5 ms, chunks of 360, a queue of 200,000, 16 MiB of journal, 64 MiB open. */
  public static final TelemetrySettings DEFAULTS =
      new TelemetrySettings(
          Duration.ZERO, Duration.ofMillis(5), 360, 200_000, 16L << 20, 64L << 20);

  /** Refuses what cannot work, with the setting's name. */
  public TelemetrySettings {
    require(!retention.isNegative(), "retention must not be negative");
    require(
        retention.isZero() || retention.compareTo(Duration.ofDays(1)) >= 0,
        "retention must be zero (for ever) or at least a day");
    require(!linger.isNegative(), "linger must not be negative");
    require(linger.toSeconds() < 1, "linger must be less than a second");
    require(chunkReadings >= 2 && chunkReadings <= 65_536, "chunkReadings must be 2 to 65536");
    require(queueReadings >= 1, "queueReadings must be at least 1");
    require(journalBytes >= 1, "journalBytes must be at least 1");
    require(openBytes >= 1, "openBytes must be at least 1");
  }

  /** The same, but readings are kept that long. */
  public TelemetrySettings withRetention(Duration kept) {
    return new TelemetrySettings(
        kept, linger, chunkReadings, queueReadings, journalBytes, openBytes);
  }

  private static void require(boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
