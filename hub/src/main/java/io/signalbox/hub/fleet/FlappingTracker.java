package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence.Flapping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a device whose sessions come and go, until it is calm again.
 *
 * <p>Two things are told apart. Who comes and goes too often is <i>unsteady</i>. Where a session
 * takes another's place, either the device has come back before its broken connection was noticed,
 * or two of them live and take the id from each other: then it is <i>contested</i>. Each takeover
 * counts for that, and once more if the displaced one answered when it was told, for then it was
 * alive.
 *
 * <p>A contested id changes hands more and more slowly: after 1, 2, 4 … 30 seconds.
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
  private boolean unsteady;
  private int takeovers;
  private long firstTakeover;
  private int pauseSeconds;
  private long closedUntil;
  private String holder = "";
  private String otherAddress = "";
  private volatile @Nullable Flapping flapping;

  /**
   * Nothing has been seen yet.
   *
   * @param flappingThreshold from so many changes within the window the device is unsteady
   * @param began when the first change was, by the monotonic clock as all times here
   * @param since the same in Unix milliseconds, to be told
   */
  FlappingTracker(int flappingThreshold, long windowMillis, long began, long since) {
    this.windowMillis = windowMillis;
    this.recent = new long[flappingThreshold];
    this.since = since;
    this.last = began;
  }

  /** What the device is called; null while it has not done enough for that. */
  @Nullable Flapping flapping() {
    return flapping;
  }

  /** Sessions began or ended. */
  synchronized void changed(int times, long now, String address) {
    for (int i = 0; i < times; i++) {
      note(now);
    }
    long oldest = recent[changes % recent.length];
    unsteady |= changes >= recent.length && now - oldest <= windowMillis;
    holder = address;
    rename();
  }

  /** A session took another's place. */
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

  /** Whom a newer session displaced has answered; tells whether the device has a name by that. */
  synchronized boolean confirmAlive(long now) {
    boolean peace = pauseSeconds == 0;
    if (takeovers > 0) {
      contest(now);
    }
    return peace && pauseSeconds > 0;
  }

  private void contest(long now) {
    takeovers++;
    if (takeovers >= CONTESTED && pauseSeconds == 0) {
      pauseSeconds = 1;
      closedUntil = now + 1_000;
    }
    rename();
  }

  /**
   * Asks for the id that somebody holds.
   *
   * @return the seconds to wait; 0 for leave to take it, which makes the next one wait longer
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

  /** How long the id will not change hands, in seconds; 0 if it is not contested. */
  synchronized int pauseSeconds() {
    return pauseSeconds;
  }

  /** Whether nothing has happened for long enough. */
  synchronized boolean isOver(long now) {
    return now - last > windowMillis;
  }

  private void note(long now) {
    recent[changes % recent.length] = now;
    changes++;
    last = now;
  }

  private void rename() {
    if (pauseSeconds > 0) {
      flapping = new Flapping(Flapping.Kind.CONTESTED, changes, since, addresses());
    } else if (unsteady) {
      flapping = new Flapping(Flapping.Kind.UNSTEADY, changes, since, List.of(holder));
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
