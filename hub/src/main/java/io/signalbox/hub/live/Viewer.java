package io.signalbox.hub.live;

import io.signalbox.hub.admission.Proof;

/**
 * Somebody who follows the feed, on one of its ways.
 *
 * <p>Threading: the event loop of the connection only.
 */
sealed interface Viewer permits StreamSocket, EventStream, HeldPoll {
  /** What it has shown, to be looked at again. */
  Proof proof();

  /** Tells what is new. */
  void pump(long now);

  /** Whether something may be held back for it until its time has come. */
  boolean isRated();

  /** A moment has passed: lets out what was held back, and what is to be said from time to time. */
  void tick(long now);

  /** Sends it away: its key is gone. */
  void revoke();

  /** Sends it away: the hub is going down. */
  void drain();
}
