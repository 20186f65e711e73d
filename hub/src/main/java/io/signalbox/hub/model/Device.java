package io.signalbox.hub.model;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registered device, without its key: the hub stores only a hash of that.
 *
 * @param id {@code [A-Za-z0-9][A-Za-z0-9._:-]{0,63}}
 * @param name display name; null if none
 * @param type type for display and defaults, such as {@code pump}; null if none
 * @param labels free key and value pairs, at most 32
 * @param enabled whether the device may connect
 * @param created Unix milliseconds
 */
public record Device(
    String id,
    @Nullable String name,
    @Nullable String type,
    Map<String, String> labels,
    boolean enabled,
    long created) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  /** Number of buckets: the greatest number of partitions that a store may have. */
  public static final int BUCKETS = 64;

  /**
   * The bucket of a device, from 0 to {@value #BUCKETS} - 1, which follows from its id alone: a
   * store with fewer partitions takes the low bits. FNV-1a over the characters, then mixed, because
   * the ids of a fleet differ in their last characters.
   */
  public static int bucketOf(String id) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x01000193;
    }
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    return hash & BUCKETS - 1;
  }

  /** Whether the text is a valid device id. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
