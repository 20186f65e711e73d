package io.signalbox.hub.command;

import java.util.HashSet;
import java.util.Set;

/**
 * The present session of a device: the newest that was attached and not detached. While these
 * operations are in progress it may be any of them.
 */
final class SessionTracker {
  private static final long NOBODY = 0;

  private final Set<Long> possible = new HashSet<>(Set.of(NOBODY));
  private long last = NOBODY;

  /** The newest that has left; a lease of it or of an older one is not for long. */
  private long ended = NOBODY;

  void attached(long epoch) {
    last = Math.max(last, epoch);
    possible.add(last);
  }

  void detached(long epoch) {
    last = last <= epoch ? NOBODY : last;
    ended = Math.max(ended, epoch);
    possible.add(last);
  }

  /** The device itself is gone, and whoever came until then. */
  void gone(long newest) {
    last = last <= newest ? NOBODY : last;
    possible.add(NOBODY);
  }

  /** No operation is in progress any more. */
  void settle() {
    possible.retainAll(Set.of(last));
  }

  long present() {
    return last;
  }

  boolean isAnybody() {
    return last != NOBODY;
  }

  boolean mayBePresent(long epoch) {
    return possible.contains(epoch);
  }

  boolean mayNotBePresent(long epoch) {
    return possible.stream().anyMatch(other -> other != epoch);
  }

  boolean mayHaveLeft(long epoch) {
    return ended >= epoch;
  }

  boolean mayBeNewer(long epoch) {
    return possible.stream().anyMatch(other -> other > epoch);
  }
}
