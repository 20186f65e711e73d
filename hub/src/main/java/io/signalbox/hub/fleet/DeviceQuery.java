package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which devices to list, and how.
 *
 * @param text words, each of which must occur in the id, the name, the type or a label ({@code
 *     key:value}), in any case; null for all
 * @param type exactly this type; null for all
 * @param labels each must be there with this value
 * @param presence only those; null for all
 * @param cursor the page's place, from the page before it; null for the first
 * @param limit most items on the page, from 1
 */
public record DeviceQuery(
    @Nullable String text,
    @Nullable String type,
    Map<String, String> labels,
    Presence.@Nullable State presence,
    Sort sort,
    boolean descending,
    @Nullable String cursor,
    int limit) {

  /** What the list is ordered by; devices that are equal in it are ordered by id. */
  public enum Sort {
    ID,
    /** By name in any case, by id where there is no name. */
    NAME,
    CREATED
  }

  /** All devices by id, the first page. */
  public static DeviceQuery all(int limit) {
    return new DeviceQuery(null, null, Map.of(), null, Sort.ID, false, null, limit);
  }
}
