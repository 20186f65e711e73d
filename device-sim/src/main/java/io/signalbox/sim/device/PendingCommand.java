package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame.Result;
import org.jspecify.annotations.Nullable;

/** One command as its device remembers it. */
final class PendingCommand {
  private final String id;
  private final long expires;
  private final boolean silent;
  private @Nullable Result answer;
  private long dueAt = Long.MAX_VALUE;
  private long saidAt;
  private boolean heard;

  /**
   * A command that was begun.
   *
   * @param silent whether nothing will ever be said of it
   */
  PendingCommand(String id, long expires, boolean silent) {
    this.id = id;
    this.expires = expires;
    this.silent = silent;
  }

  String id() {
    return id;
  }

  /** Unix milliseconds after which it may be forgotten. */
  long expires() {
    return expires;
  }

  boolean isSilent() {
    return silent;
  }

  /** What came of it, to be said from {@code atMillis} on. */
  void settle(Result result, long atMillis) {
    answer = result;
    dueAt = atMillis;
  }

  /** What came of it; null while the device is at it. */
  @Nullable Result answer() {
    return answer;
  }

  boolean isDue(long now) {
    return answer != null && now >= dueAt;
  }

  long dueAt() {
    return dueAt;
  }

  void said(long now) {
    saidAt = now;
  }

  /** When its result was last said. */
  long saidAt() {
    return saidAt;
  }

  /** The hub must have heard the result: the connection lived on. */
  void heard() {
    heard = true;
  }

  boolean isHeard() {
    return heard;
  }
}
