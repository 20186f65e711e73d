package io.signalbox.hub.live;

import io.signalbox.hub.wire.LiveFrames;

/**
 * Where followers put what a viewer is told: there is one for each way that the feed takes.
 *
 * <p>Threading: the event loop of the connection only.
 */
interface Outbox {
  /** Whether the viewer keeps up: more may be put in. */
  boolean hasRoom();

  /** How many events may be gathered for it while it has no room, or none is due. */
  default int patience() {
    return Integer.MAX_VALUE;
  }

  /**
   * Puts an event in.
   *
   * @param id the subscription that is told
   * @param tail what follows the event's head
   * @param cursor to resume from, by who has been told this
   */
  void event(LiveFrames.Type type, long id, byte[] tail, String cursor);
}
