package io.signalbox.hub.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items in the order asked for
 * @param next cursor of the next page; null when this is the last
 * @param total how many match altogether; {@link #UNCOUNTED} where nobody counts
 */
public record Page<T>(List<T> items, @Nullable String next, long total) {
  /** Counting would cost more than the page. */
  public static final long UNCOUNTED = -1;
}
