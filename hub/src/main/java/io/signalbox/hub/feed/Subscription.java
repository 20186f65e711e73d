package io.signalbox.hub.feed;

import org.jspecify.annotations.Nullable;

/**
 * A subscription of a client.
 *
 * @param id id given by the client
 * @param rate most updates per device and second; 0 for every event
 * @param after cursor to resume from; null for the present
 * @param labelled the filter's devices, if they are selected by labels
 */
record Subscription(
    long id,
    Filter filter,
    double rate,
    @Nullable String after,
    @Nullable LabelSelection labelled) {
  /** Whether updates may be merged into newer ones. */
  boolean isConflated() {
    return rate > 0;
  }

  /** Called before a page is filtered. */
  void enter(FeedSegment segment) {
    if (labelled != null) {
      labelled.enter(segment);
    }
  }

  /** Called after a whole page was filtered. */
  void leave(FeedSegment segment) {
    if (labelled != null) {
      labelled.leave(segment);
    }
  }
}
