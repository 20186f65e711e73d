package io.signalbox.hub.store.sqlite.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encoding of labels in the table: a compact JSON object with sorted keys, so that a label can be
 * found as text. Quotation marks in keys and values are escaped, hence {@code "k":"v"} occurs only
 * where the label is.
 */
final class LabelJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, String>> LABELS =
      new TypeReference<>() {};

  private LabelJson() {}

  static String of(Map<String, String> labels) {
    return labels.isEmpty() ? "{}" : write(new TreeMap<>(labels));
  }

  /** One label as it occurs in the text; the search term for it. */
  static String of(String key, String value) {
    String object = write(Map.of(key, value));
    return object.substring(1, object.length() - 1);
  }

  static Map<String, String> parse(String text) {
    try {
      return text.equals("{}")
          ? Map.of()
          : Collections.unmodifiableMap(JSON.readValue(text, LABELS));
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("Labels in hub.db are not valid JSON: " + text, damaged);
    }
  }

  private static String write(Map<String, String> labels) {
    try {
      return JSON.writeValueAsString(labels);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
