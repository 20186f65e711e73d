package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.json.Json;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encoding of labels in the table: a compact JSON object with sorted keys, so that a label can be
 * found as text. Quotation marks in keys and values are escaped, hence {@code "k":"v"} occurs only
 * where the label is.
 */
final class LabelJson {
  private LabelJson() {}

  static String of(Map<String, String> labels) {
    return labels.isEmpty() ? "{}" : Json.of(new TreeMap<>(labels)).toString();
  }

  /** One label as it occurs in the text; the search term for it. */
  static String of(String key, String value) {
    return Json.quoted(key) + ":" + Json.quoted(value);
  }

  static Map<String, String> parse(String text) {
    return text.equals("{}")
        ? Map.of()
        : Collections.unmodifiableMap(Json.storedStrings("Column labels of hub.db", text));
  }
}
