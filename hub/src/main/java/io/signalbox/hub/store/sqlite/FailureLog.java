package io.signalbox.hub.store.sqlite;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Log of a store's write failures: one line at the first failure, and one line after 5 s without
 * failures, with the duration and the number of refused writes. A store whose writes alternately
 * fail and succeed, such as one whose small writes still fit, thus logs two lines in all.
 *
 * <p>Threading: one thread.
 */
public final class FailureLog {
  private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

  private final Logger log;
  private final String subject;
  private final String unit;
  private final LongSupplier nanoTime;
  private final Set<String> reported = new HashSet<>();
  private long since;
  private long last;
  private long refused;

  /**
   * A log without failures.
   *
   * @param subject the store, as the subject of a sentence
   * @param unit the noun for what is refused, in the plural
   */
  public FailureLog(Logger log, String subject, String unit) {
    this(log, subject, unit, System::nanoTime);
  }

  FailureLog(Logger log, String subject, String unit, LongSupplier nanoTime) {
    this.log = log;
    this.subject = subject;
    this.unit = unit;
    this.nanoTime = nanoTime;
  }

  /**
   * Records a failure.
   *
   * @param what the cause, as part of a sentence; each cause is logged once
   * @param count number of refused writes
   */
  public void failed(String what, long count) {
    last = nanoTime.getAsLong();
    if (reported.isEmpty()) {
      since = last;
      refused = 0;
    }
    refused += count;
    if (reported.add(what)) {
      log.warn("{} cannot write: {}", subject, what);
    }
  }

  /** Records a success, or that there was nothing to write. */
  public void worked() {
    if (!reported.isEmpty() && nanoTime.getAsLong() - last >= QUIET_NANOS) {
      log.info(
          "{} can write again after {} s; {} {} were refused",
          subject,
          Duration.ofNanos(last - since).toSeconds(),
          refused,
          unit);
      reported.clear();
    }
  }
}
