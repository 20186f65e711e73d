package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence.Flapping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Flapping state of one device, until it is calm again.
 *
 * <p>Two cases are distinguished. A device whose sessions start and end too often is
 * <i>unstable</i>. If a session takes over another, either the device has reconnected before its
 * broken connection was noticed, or two live devices take the id from each other: then it is
 * <i>contested</i>. Each takeover counts, and counts twice if the displaced session still answers,
 * because it was alive.
 *
 * <p>Takeovers of a contested id are delayed more and more: by 1, 2, 4 … 30 seconds.
 *
 * <p>Threading: any thread.
 */
final class FlappingTracker {
  private static final long TAKEOVERS_WITHIN_MILLIS = 60_000;
  private static final int CONTESTED = 6;
  private static final int LONGEST_PAUSE_SECONDS = 30;

  private final long windowMillis;
  private final long[] recent;
  private final long since;
  private int changes;
  private long last;
  private boolean unstable;
  private int takeovers;
  private long firstTakeover;
  private int pauseSeconds;
  private long closedUntil;
  private String holder = "";
  private String otherAddress = "";
  private volatile @Nullable Flapping flapping;

  /**
   * No changes recorded yet.
   *
   * @param flappingThreshold number of changes within the window that makes the device unstable
   * @param began time of the first change, by the monotonic clock as all times in this class
   * @param since the same in Unix milliseconds, for display
   */
  FlappingTracker(int flappingThreshold, long windowMillis, long began, long since) {
    this.windowMillis = windowMillis;
    this.recent = new long[flappingThreshold];
    this.since = since;
    this.last = began;
  }

  /** The flapping state; null if the device is not flapping. */
  @Nullable Flapping flapping() {
    return flapping;
  }

  /** Records that sessions started or ended. */
  synchronized void changed(int times, long now, String address) {
    for (int i = 0; i < times; i++) {
      note(now);
    }
    long oldest = recent[changes % recent.length];
    unstable |= changes >= recent.length && now - oldest <= windowMillis;
    holder = address;
    update();
  }

  /** Records that a session took over another. */
  synchronized void takenOver(String from, String by, long now) {
    if (pauseSeconds == 0 && (takeovers == 0 || now - firstTakeover > TAKEOVERS_WITHIN_MILLIS)) {
      takeovers = 0;
      firstTakeover = now;
    }
    otherAddress = from;
    holder = by;
    last = now;
    contest(now);
  }

  /**
   * Records that a displaced session was alive; returns whether the id is contested since this
   * call.
   */
  synchronized boolean confirmAlive(long now) {
    boolean calm = pauseSeconds == 0;
    if (takeovers > 0) {
      contest(now);
    }
    return calm && pauseSeconds > 0;
  }

  private void contest(long now) {
    takeovers++;
    if (takeovers >= CONTESTED && pauseSeconds == 0) {
      pauseSeconds = 1;
      closedUntil = now + 1_000;
    }
    update();
  }

  /**
   * Claims an id that another session holds.
   *
   * @return seconds to wait; 0 if the claim is granted, which makes the next claim wait longer
   */
  synchronized int claim(long now) {
    if (pauseSeconds == 0) {
      return 0;
    }
    last = now;
    long wait = closedUntil - now;
    if (wait > 0) {
      return (int) Math.ceilDiv(wait, 1_000);
    }
    pauseSeconds = Math.min(2 * pauseSeconds, LONGEST_PAUSE_SECONDS);
    closedUntil = now + pauseSeconds * 1_000L;
    return 0;
  }

  /** Time for which takeovers are refused, in seconds; 0 if the id is not contested. */
  synchronized int pauseSeconds() {
    return pauseSeconds;
  }

  /** Whether nothing has happened for a whole window. */
  synchronized boolean isOver(long now) {
    return now - last > windowMillis;
  }

  private void note(long now) {
    recent[changes % recent.length] = now;
    changes++;
    last = now;
  }

  private void update() {
    if (pauseSeconds > 0) {
      flapping = new Flapping(Flapping.Kind.CONTESTED, changes, since, addresses());
    } else if (unstable) {
      flapping = new Flapping(Flapping.Kind.UNSTABLE, changes, since, List.of(holder));
    }
  }

  private List<String> addresses() {
    List<String> both = new ArrayList<>(List.of(holder));
    if (!otherAddress.equals(holder)) {
      both.add(otherAddress);
    }
    return List.copyOf(both);
  }
}
