package io.signalbox.hub.store.sqlite;

import java.util.List;

/**
 * The tables of one room and how they came to be.
 *
 * @param component whose tables they are
 * @param steps SQL scripts, oldest first. What has been released is never changed: a new step is
 *     added. A file remembers how many of them it has seen
 */
public record Schema(String component, List<String> steps) {
  /** A schema of these steps. */
  public static Schema of(String component, String... steps) {
    return new Schema(component, List.of(steps));
  }
}
