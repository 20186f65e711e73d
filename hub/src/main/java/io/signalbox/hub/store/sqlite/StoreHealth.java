package io.signalbox.hub.store.sqlite;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health of a store's writes, or of its reads: the current error, and a log of failures. One line
 * at the first failure, and one line after 5 s without failures, with the duration and the number
 * of refused calls. A store whose writes alternately fail and succeed, such as one whose small
 * writes still fit, thus logs two lines in all. A full disk is logged by {@link DiskReserve}.
 *
 * <p>Threading: any thread.
 */
public final class StoreHealth {
  private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);
  private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

  private final String subject;
  private final String verb;
  private final String unit;
  private final DiskReserve disk;
  private final LongSupplier nanoTime;
  private final Set<String> reported = new HashSet<>();
  private volatile @Nullable String trouble;
  private volatile boolean reporting;
  private long since;
  private long last;
  private long refused;

  /**
   * A store without failures.
   *
   * @param subject the store, as the subject of a sentence
   * @param verb what fails: write or read
   * @param unit the noun for what is refused, in the plural
   */
  public StoreHealth(String subject, String verb, String unit, DiskReserve disk) {
    this(subject, verb, unit, disk, System::nanoTime);
  }

  StoreHealth(String subject, String verb, String unit, DiskReserve disk, LongSupplier nanoTime) {
    this.subject = subject;
    this.verb = verb;
    this.unit = unit;
    this.disk = disk;
    this.nanoTime = nanoTime;
  }

  /** The current error, as part of a sentence; null while the store is healthy. */
  public @Nullable String trouble() {
    return trouble;
  }

  /**
   * Records a failure.
   *
   * @param what the cause, as part of a sentence; each cause is logged once
   * @param count number of refused calls
   */
  public void failed(String what, long count) {
    if (disk.isFull()) {
      trouble = disk.words();
    } else {
      trouble = what;
      log(what, count);
    }
  }

  /** Records that there will be no further successes, full disk or not. */
  public void stopped(String what) {
    trouble = what;
    log(what, 0);
  }

  private synchronized void log(String what, long count) {
    last = nanoTime.getAsLong();
    if (!reporting) {
      since = last;
      refused = 0;
      reporting = true;
    }
    refused += count;
    if (reported.add(what)) {
      LOG.warn("{} cannot {}: {}", subject, verb, what);
    }
  }

  /** Records a success, or that there was nothing to do. */
  public void worked() {
    if (trouble != null) {
      trouble = null;
    }
    if (reporting) {
      endAfterQuiet();
    }
  }

  private synchronized void endAfterQuiet() {
    if (reporting && nanoTime.getAsLong() - last >= QUIET_NANOS) {
      LOG.info(
          "{} can {} again after {} s; {} {} were refused",
          subject,
          verb,
          Duration.ofNanos(last - since).toSeconds(),
          refused,
          unit);
      reported.clear();
      reporting = false;
    }
  }
}
