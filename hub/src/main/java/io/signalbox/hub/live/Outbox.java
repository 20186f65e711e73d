package io.signalbox.hub.live;

import io.signalbox.hub.wire.LiveFrames;
import java.util.List;

/**
 * Where followers put what a viewer is told: there is one for each way that the feed takes.
 *
 * <p>Threading: the event loop of the connection only.
 */
interface Outbox {
  /**
   * An event as one subscription is told it.
   *
   * @param id the subscription
   * @param tail what follows the event's head
   */
  record Copy(long id, byte[] tail) {}

  /** Whether the viewer keeps up: more may be put in. */
  boolean hasRoom();

  /** How many events may be gathered for it while it has no room, or none is due. */
  default int patience() {
    return Integer.MAX_VALUE;
  }

  /**
   * Puts an event in.
   *
   * @param copies one for each subscription that wants it; they reach the viewer together or not at
   *     all
   * @param cursor to resume from, by who has been told this
   */
  void event(LiveFrames.Type type, List<Copy> copies, String cursor);
}
