package io.signalbox.hub.model;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A device as the registry knows it. Its key is not part of it: the hub keeps only a hash of that.
 *
 * @param id {@code [A-Za-z0-9][A-Za-z0-9._:-]{0,63}}
 * @param name for people; null if none was given
 * @param type for people and defaults, as {@code pump}; null if none was given
 * @param labels free key and value pairs, at most 32
 * @param enabled false: the device is refused
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

  /** Whether the text can be a device's id. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
