package io.signalbox.hub.feed;

import io.signalbox.hub.http.auth.Credential;

/**
 * A client of the feed, one implementation per transport.
 *
 * <p>Threading: the event loop of the connection only.
 */
public interface FeedClient {
  /** The client's credential, for repeated checks. */
  Credential credential();

  /** Sends new events. */
  void deliver(long now);

  /** Whether updates may be held back until they are due. */
  boolean isConflated();

  /** Called periodically: sends updates that are due, and heartbeats. */
  void tick(long now);

  /** Ends the client because its key was revoked. */
  void revoke();

  /** Ends the client because the hub is shutting down. */
  void drain();
}
