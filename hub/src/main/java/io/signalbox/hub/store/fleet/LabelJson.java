package io.signalbox.hub.store.fleet;

import io.signalbox.hub.json.Json;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encoding of a device's labels in a store: a compact JSON object with sorted keys, so that a label
 * can be found as text. Quotation marks in keys and values are escaped, hence {@code "k":"v"}
 * occurs only where the label is.
 */
public final class LabelJson {
  private LabelJson() {}

  /** The labels as text. */
  public static String of(Map<String, String> labels) {
    return labels.isEmpty() ? "{}" : Json.of(new TreeMap<>(labels)).toString();
  }

  /** One label as it occurs in the text; the search term for it. */
  public static String of(String key, String value) {
    return Json.quoted(key) + ":" + Json.quoted(value);
  }

  /** The labels in a text. */
  public static Map<String, String> parse(String text) {
    return text.equals("{}")
        ? Map.of()
        : Collections.unmodifiableMap(Json.storedStrings("Labels of a device", text));
  }
}
