package io.signalbox.hub.store.sqlite;

import java.util.List;

/**
 * Schema of one component's tables, as a sequence of migration steps.
 *
 * @param component name of the component
 * @param steps SQL scripts, oldest first. Released steps are never changed; changes are new steps.
 *     The database stores the number of applied steps
 */
public record Schema(String component, List<String> steps) {
  /** A schema of these steps. */
  public static Schema of(String component, String... steps) {
    return new Schema(component, List.of(steps));
  }
}
