package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Query of a device list.
 *
 * @param text words that must all occur in id, name, type or a label ({@code key:value}), ignoring
 *     case; null for all
 * @param type required type; null for all
 * @param labels required labels and values
 * @param presence required presence; null for all
 * @param cursor cursor of the previous page; null for the first page
 * @param limit maximum number of items, at least 1
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

  /** Sort order; ties are sorted by id. */
  public enum Sort {
    ID,
    /** By name ignoring case, or by id if there is no name. */
    NAME,
    CREATED
  }

  /** The first page of all devices, by id. */
  public static DeviceQuery all(int limit) {
    return new DeviceQuery(null, null, Map.of(), null, Sort.ID, false, null, limit);
  }
}
