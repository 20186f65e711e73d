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

  /** Whether the text is a valid device id. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
