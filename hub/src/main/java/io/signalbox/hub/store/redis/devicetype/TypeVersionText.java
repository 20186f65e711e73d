package io.signalbox.hub.store.redis.devicetype;

import io.signalbox.hub.devicetype.DeviceTypeStore.StoredType;
import io.signalbox.hub.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A version of a type as text: a line of JSON, and below it the document as it is; without a
 * document the version is a deletion.
 */
final class TypeVersionText {
  private static final char END_OF_LINE = '\n';

  private TypeVersionText() {}

  static String of(StoredType type) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("n", type.name());
    fields.put("v", Long.toString(type.version()));
    fields.put("t", Long.toString(type.ts()));
    fields.put("b", type.by());
    String line = Json.of(fields).toString();
    return type.document() == null ? line : line + END_OF_LINE + type.document();
  }

  static StoredType read(String text) {
    int end = text.indexOf(END_OF_LINE); // within the line it is escaped
    Map<String, String> fields =
        Json.storedStrings("version of a type", end < 0 ? text : text.substring(0, end));
    return new StoredType(
        fields.getOrDefault("n", ""),
        Long.parseLong(fields.getOrDefault("v", "0")),
        Long.parseLong(fields.getOrDefault("t", "0")),
        fields.getOrDefault("b", ""),
        end < 0 ? null : text.substring(end + 1));
  }
}
