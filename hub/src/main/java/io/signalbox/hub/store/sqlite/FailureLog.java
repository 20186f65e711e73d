package io.signalbox.hub.store.sqlite;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Tells the log of a store that cannot write: one line when that begins, and one when nothing has
 * failed for a while, with how long it was and how much was refused. A store that fails and works
 * by turns, as one whose small writes still find room, is so two lines and not two for each turn.
 *
 * <p>Threading: one thread.
 */
public final class FailureLog {
  private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

  private final Logger log;
  private final String subject;
  private final String refusedThings;
  private final LongSupplier nanoTime;
  private final Set<String> reported = new HashSet<>();
  private long since;
  private long last;
  private long refused;

  /**
   * Nothing is wrong yet.
   *
   * @param subject what cannot write, as the beginning of a sentence
   * @param refusedThings what is refused, in the plural
   */
  public FailureLog(Logger log, String subject, String refusedThings) {
    this(log, subject, refusedThings, System::nanoTime);
  }

  FailureLog(Logger log, String subject, String refusedThings, LongSupplier nanoTime) {
    this.log = log;
    this.subject = subject;
    this.refusedThings = refusedThings;
    this.nanoTime = nanoTime;
  }

  /**
   * Something failed.
   *
   * @param what is wrong, as part of a sentence; each is told once
   * @param count how much was refused by it
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

  /** Something worked, or nothing was to be done. */
  public void worked() {
    if (!reported.isEmpty() && nanoTime.getAsLong() - last >= QUIET_NANOS) {
      log.info(
          "{} can write again; for {} s it could not, and {} {} were refused",
          subject,
          Duration.ofNanos(last - since).toSeconds(),
          refused,
          refusedThings);
      reported.clear();
    }
  }
}
