package io.signalbox.hub.store.redis.telemetry;

import java.time.Duration;

/**
 * Settings of the telemetry store in Redis.
 *
 * @param retention how long readings are kept, rounded to days; zero keeps them for ever
 * @param commitInterval minimum time between two appends to a partition: under load, messages that
 *     arrive within it share a script; those of an idle partition are appended at once
 * @param chunkReadings readings of a series per chunk
 * @param maxQueuedReadings readings that may wait for Redis before more are refused
 * @param openBytes length of a device's open string from which it is sealed
 * @param openAge age of an open string from which it is sealed
 * @param maxBytes bytes of Redis memory for chunks; above it the oldest are deleted. 0 for no limit
 * @param checkInterval time between two looks for what is due
 */
public record RedisTelemetrySettings(
    Duration retention,
    Duration commitInterval,
    int chunkReadings,
    int maxQueuedReadings,
    int openBytes,
    Duration openAge,
    long maxBytes,
    Duration checkInterval) {

  /** The defaults: retention for ever, no limit of size. */
  public static final RedisTelemetrySettings DEFAULTS =
      new RedisTelemetrySettings(
          Duration.ZERO,
          Duration.ofMillis(5),
          360,
          200_000,
          8_192,
          Duration.ofMinutes(30),
          0,
          Duration.ofSeconds(5));

  /** The same settings with another retention. */
  public RedisTelemetrySettings withRetention(Duration kept) {
    return new RedisTelemetrySettings(
        kept,
        commitInterval,
        chunkReadings,
        maxQueuedReadings,
        openBytes,
        openAge,
        maxBytes,
        checkInterval);
  }

  /** The same settings with another limit of size. */
  public RedisTelemetrySettings withMaxBytes(long most) {
    return new RedisTelemetrySettings(
        retention,
        commitInterval,
        chunkReadings,
        maxQueuedReadings,
        openBytes,
        openAge,
        most,
        checkInterval);
  }
}
