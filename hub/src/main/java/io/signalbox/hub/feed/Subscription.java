package io.signalbox.hub.feed;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to follow, and from where.
 *
 * @param id the viewer's name for it
 * @param rate most updates a second for each device; 0 for every event
 * @param after the cursor to resume from; null for the present
 * @param labelled the devices of the filter, when they were chosen by their labels
 */
record Subscription(
    long id,
    Filter filter,
    double rate,
    @Nullable String after,
    @Nullable LabelSelection labelled) {
  /** Whether some events may be left out for newer ones. */
  boolean isConflated() {
    return rate > 0;
  }

  /** A page is about to be shown by the filter. */
  void enter(FeedSegment segment) {
    if (labelled != null) {
      labelled.enter(segment);
    }
  }

  /** A page was shown, whole. */
  void leave(FeedSegment segment) {
    if (labelled != null) {
      labelled.leave(segment);
    }
  }
}
