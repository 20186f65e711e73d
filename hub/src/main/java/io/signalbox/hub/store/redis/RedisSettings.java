package io.signalbox.hub.store.redis;

import io.signalbox.hub.config.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the Redis store.
 *
 * @param url {@code redis://}, {@code rediss://}; null for the embedded store
 * @param prefix prefix of all keys
 * @param partitions number of partitions of a new system
 * @param timeout greatest time that a command may take
 */
public record RedisSettings(
    @Setting(
            secret = true,
            doc =
                "URL of a Redis, such as redis://:password@host:6379/0. All data is kept there"
                    + " instead of the data directory.")
        @Nullable String url,
    @Setting(
            value = "signalbox",
            pattern = "[A-Za-z0-9_.-]{1,32}",
            doc = "Prefix of all keys, which distinguishes systems that share a Redis.")
        String prefix,
    @Setting(
            value = "16",
            range = "1..64",
            doc =
                "Number of partitions of a new system, a power of two; it is fixed when the first"
                    + " hub starts.")
        int partitions,
    @Setting(
            value = "2s",
            range = "100ms..1m",
            doc = "Greatest time that Redis may take to answer a command.")
        Duration timeout) {}
