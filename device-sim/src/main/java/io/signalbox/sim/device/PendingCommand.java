package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame.Result;
import org.jspecify.annotations.Nullable;

/** A command in the memory of a device. */
final class PendingCommand {
  private final String id;
  private final long expires;
  private final boolean silent;
  private @Nullable Result answer;
  private long dueAt = Long.MAX_VALUE;
  private long sentAt;
  private boolean confirmed;

  /**
   * Creates a started command.
   *
   * @param silent whether no result is ever sent
   */
  PendingCommand(String id, long expires, boolean silent) {
    this.id = id;
    this.expires = expires;
    this.silent = silent;
  }

  String id() {
    return id;
  }

  /** Time after which it may be forgotten, Unix milliseconds. */
  long expires() {
    return expires;
  }

  boolean isSilent() {
    return silent;
  }

  /** Sets the result, to be sent from {@code atMillis} on. */
  void settle(Result result, long atMillis) {
    answer = result;
    dueAt = atMillis;
  }

  /** The result; null while in progress. */
  @Nullable Result answer() {
    return answer;
  }

  boolean isDue(long now) {
    return answer != null && now >= dueAt;
  }

  long dueAt() {
    return dueAt;
  }

  void sent(long now) {
    sentAt = now;
  }

  /** Time at which the result was last sent. */
  long sentAt() {
    return sentAt;
  }

  /** Marks the result as received by the hub, because the connection stayed up. */
  void confirmed() {
    confirmed = true;
  }

  boolean isConfirmed() {
    return confirmed;
  }
}
