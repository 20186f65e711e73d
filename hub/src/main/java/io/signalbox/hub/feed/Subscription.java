package io.signalbox.hub.feed;

import org.jspecify.annotations.Nullable;

/**
 * A subscription of a client.
 *
 * <p>Threading: the event loop of its connection only.
 */
public final class Subscription {
  private final long id;
  private final Filter filter;
  private final double rate;
  private final @Nullable String after;
  private final @Nullable LabelSelection labelled;

  /**
   * A subscription.
   *
   * @param id id given by the client
   * @param rate most updates per device and second; 0 for every event
   * @param after cursor to resume from; null for the present
   * @param labelled the filter's devices, if they are selected by labels
   */
  Subscription(
      long id,
      Filter filter,
      double rate,
      @Nullable String after,
      @Nullable LabelSelection labelled) {
    this.id = id;
    this.filter = filter;
    this.rate = rate;
    this.after = after;
    this.labelled = labelled;
  }

  /** The id given by the client. */
  public long id() {
    return id;
  }

  Filter filter() {
    return filter;
  }

  double rate() {
    return rate;
  }

  @Nullable String after() {
    return after;
  }

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
