package io.signalbox.hub.store.redis;

import io.signalbox.hub.config.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the Redis store.
 *
 * @param url {@code redis://} or {@code rediss://}, several separated by commas; null for the
 *     embedded store
 * @param user null for the default user
 * @param password null for none
 * @param sentinelMaster name of the master, if the URLs are those of Sentinels
 * @param cluster the URLs are those of nodes of a Redis Cluster
 * @param tlsCa PEM file of the authorities to trust; null for those of the JDK
 * @param durability when a write counts as stored
 * @param prefix prefix of all keys
 * @param partitions number of partitions of a new system
 * @param timeout greatest time that a command may take
 */
public record RedisSettings(
    @Setting(
            doc =
                "URL of a Redis, such as redis://host:6379/0 (rediss:// for TLS), or of several"
                    + " Sentinels or nodes of a cluster, separated by commas. All data is kept"
                    + " there instead of the data directory.")
        @Nullable String url,
    @Setting(doc = "Name of the user of Redis; without it the password is the default user's.")
        @Nullable String user,
    @Setting(secret = true, doc = "Password of Redis.") @Nullable String password,
    @Setting(
            doc =
                "Name of the master that the Sentinels watch; the URLs are then those of the"
                    + " Sentinels.")
        @Nullable String sentinelMaster,
    @Setting(value = "false", doc = "Whether the URLs are those of nodes of a Redis Cluster.")
        boolean cluster,
    @Setting(
            doc =
                "PEM file with the certificates of the authorities that sign Redis' certificate;"
                    + " those that the JDK trusts otherwise.")
        @Nullable Path tlsCa,
    @Setting(
            value = "written",
            pattern = "written|replicated:[1-9]",
            doc =
                "When a write counts as stored: written (Redis has answered) or replicated:N (at"
                    + " least N replicas have it as well).")
        String durability,
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
        Duration timeout) {
  private static final String REPLICATED = "replicated:";

  /** Throws {@link IllegalArgumentException} if the settings contradict each other. */
  public RedisSettings {
    if (Integer.bitCount(partitions) != 1) {
      throw new IllegalArgumentException("partitions: expected a power of two, got " + partitions);
    }
    String fault =
        url == null ? null : contradiction(split(url), sentinelMaster, cluster, durability);
    if (fault != null) {
      throw new IllegalArgumentException(fault);
    }
  }

  /** The defaults, for a Redis at that URL. */
  public static RedisSettings of(String url) {
    return new RedisSettings(
        url, null, null, null, false, null, "written", "signalbox", 16, Duration.ofSeconds(2));
  }

  /** The URLs; there is at least one. */
  List<String> urls() {
    return split(Objects.requireNonNull(url, "redis.url"));
  }

  private static List<String> split(String urls) {
    return Stream.of(urls.split(",", -1)).map(String::trim).toList();
  }

  /** The number of replicas that must have a write; 0 if none. */
  int replicas() {
    return durability.startsWith(REPLICATED)
        ? Integer.parseInt(durability.substring(REPLICATED.length()))
        : 0;
  }

  private static @Nullable String contradiction(
      List<String> urls, @Nullable String sentinelMaster, boolean cluster, String durability) {
    if (cluster && sentinelMaster != null) {
      return "cluster and sentinelMaster exclude each other";
    }
    if (cluster && durability.startsWith(REPLICATED)) {
      return "durability: " + durability + " is not possible with cluster";
    }
    if (!cluster && sentinelMaster == null && urls.size() > 1) {
      return "url: several URLs need sentinelMaster or cluster";
    }
    if (urls.stream().anyMatch(one -> one.matches("[a-z]+://[^/]*@.*"))) {
      return "url: must not contain a password, which others can read; set redis.password";
    }
    return urls.stream().allMatch(one -> one.matches("rediss?://[^/@:].*"))
        ? null
        : "url: expected redis://host:port or rediss://host:port";
  }
}
