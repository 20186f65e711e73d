package io.signalbox.hub.store.redis;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with a link, and since when. The log has one line when trouble begins and one when
 * it ends. A server that refuses some commands, for want of memory for example, is healthy again
 * when a script has run and nothing has failed for 5 s.
 *
 * <p>Threading: the link's event loop; {@link #trouble} on any thread.
 */
final class LinkHealth {
  private static final Logger LOG = LoggerFactory.getLogger(LinkHealth.class);
  private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

  private final String server;
  private final RedisLinkMetrics metrics;
  private final LongSupplier nanoTime;
  private volatile @Nullable Trouble trouble;
  private long last;
  private long failed;

  /**
   * Trouble.
   *
   * @param since monotonic time of its beginning
   * @param away there is no connection
   */
  private record Trouble(String reason, long since, boolean away) {}

  /**
   * A healthy link.
   *
   * @param server for example {@code Redis at db:6379}
   */
  LinkHealth(String server, RedisLinkMetrics metrics, LongSupplier nanoTime) {
    this.server = server;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /** What is wrong, in a sentence with its duration; null for nothing. */
  @Nullable String trouble() {
    Trouble now = trouble;
    return now == null
        ? null
        : "%s cannot be used: %s (for %d s)"
            .formatted(server, now.reason(), seconds(nanoTime.getAsLong() - now.since()));
  }

  /** The connection is lost, or cannot be made again. */
  void away(String reason) {
    begin(reason, true);
  }

  /** There is a connection again. */
  void connected() {
    Trouble before = trouble;
    if (before != null && before.away()) {
      end(before);
    }
  }

  /** A command has failed. */
  void failed(RedisFailure failure) {
    metrics.failed(failure);
    if (failure.isTroubleOfServer()) {
      last = nanoTime.getAsLong();
      begin(failure.words(), false);
    }
    failed += failure == RedisFailure.ERROR ? 0 : 1;
  }

  /** A script has run. */
  void worked() {
    Trouble before = trouble;
    if (before != null && !before.away() && nanoTime.getAsLong() - last >= QUIET_NANOS) {
      end(before);
    }
  }

  private void begin(String reason, boolean away) {
    Trouble before = trouble;
    if (before == null) {
      failed = 0;
      LOG.warn("{} cannot be used: {}", server, reason);
    }
    if (before == null || away || !before.away()) {
      long since = before == null ? nanoTime.getAsLong() : before.since();
      trouble = new Trouble(reason, since, away);
    }
  }

  private void end(Trouble before) {
    trouble = null;
    LOG.info(
        "{} can be used again after {} s; commands that failed: {}",
        server,
        seconds(nanoTime.getAsLong() - before.since()),
        failed);
  }

  private static long seconds(long nanos) {
    return Duration.ofNanos(nanos).toSeconds();
  }
}
