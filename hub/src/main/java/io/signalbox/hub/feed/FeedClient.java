package io.signalbox.hub.feed;

import io.signalbox.hub.http.auth.Credential;

/**
 * Somebody who follows the feed, on one of its ways.
 *
 * <p>Threading: the event loop of the connection only.
 */
sealed interface FeedClient permits WebSocketClient, SseClient, LongPollClient {
  /** What it has shown, to be looked at again. */
  Credential credential();

  /** Tells what is new. */
  void deliver(long now);

  /** Whether something may be held back for it until its time has come. */
  boolean isConflated();

  /** A moment has passed: lets out what was held back, and what is to be said from time to time. */
  void tick(long now);

  /** Sends it away: its key is gone. */
  void revoke();

  /** Sends it away: the hub is going down. */
  void drain();
}
