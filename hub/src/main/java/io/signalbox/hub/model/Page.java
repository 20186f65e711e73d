package io.signalbox.hub.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param items items in the requested order
 * @param next cursor of the next page; null for the last page
 * @param total number of all matches; {@link #UNCOUNTED} if they are not counted
 */
public record Page<T>(List<T> items, @Nullable String next, long total) {
  /** Counting would cost more than reading the page. */
  public static final long UNCOUNTED = -1;
}
