package io.signalbox.hub.store.sqlite.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Labels as the table holds them: a compact JSON object with its keys in order, so that a label can
 * be looked for as text. A quotation mark within a key or value is escaped, hence {@code "k":"v"}
 * occurs only where the label is.
 */
final class LabelJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, String>> LABELS =
      new TypeReference<>() {};

  private LabelJson() {}

  static String of(Map<String, String> labels) {
    return labels.isEmpty() ? "{}" : write(new TreeMap<>(labels));
  }

  /** One label as it occurs in the text. */
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
      throw new IllegalStateException("labels in hub.db are not JSON: " + text, damaged);
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
