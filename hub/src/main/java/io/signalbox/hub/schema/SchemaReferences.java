package io.signalbox.hub.schema;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Check of the references of a schema: each must lead to another schema of the same document, and
 * none may lead back to itself for the same value, because that never ends. References that go
 * through a property or an item are allowed: every value is finite.
 */
final class SchemaReferences {
  /** Limit of schemas that apply to one value through each other. */
  private static final int MAX_HEIGHT = 64;

  private static final int OPEN = -1;

  private final Map<String, Json> subschemas;

  /** Number of schemas below each that apply to the same value; {@link #OPEN} while unknown. */
  private final Map<String, Integer> heights = new HashMap<>();

  private final List<Fault> faults = new ArrayList<>();

  /** The references of these schemas, by pointer. */
  SchemaReferences(Map<String, Json> subschemas) {
    this.subschemas = subschemas;
  }

  List<Fault> faults() {
    subschemas.forEach(this::checkTarget);
    if (faults.isEmpty()) {
      subschemas.keySet().forEach(this::height);
    }
    return faults;
  }

  private void checkTarget(String at, Json schema) {
    String reference = reference(schema);
    if (reference == null) {
      return;
    }
    String place = JsonPointer.child(at, "$ref");
    if (!reference.startsWith("#")) {
      faults.add(
          new Fault(
              place, "must be a place in the same schema, such as #/$defs/x, is " + reference));
    } else if (isUnknown(reference)) {
      faults.add(new Fault(place, "must name a schema in the same document, is " + reference));
    }
  }

  private boolean isUnknown(String reference) {
    String target = target(reference);
    return target == null || !subschemas.containsKey(target);
  }

  private static @Nullable String reference(Json schema) {
    return schema instanceof JsonObject object
            && object.members().get("$ref") instanceof Scalar scalar
        ? scalar.string()
        : null;
  }

  /** The pointer in a reference; null if it is none. */
  static @Nullable String target(String reference) {
    try {
      // A plus sign stands for itself in a fragment.
      String encoded = reference.substring(1).replace("+", "%2B");
      String pointer = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
      return JsonPointer.isPointer(pointer) ? pointer : null;
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /** The height of a schema. Faults: a path that returns to its start, or is too long. */
  private int height(String at) {
    Integer known = heights.get(at);
    if (known != null) {
      return known;
    }
    if (!(subschemas.get(at) instanceof JsonObject schema)) {
      return 1;
    }
    heights.put(at, OPEN);
    int below = 0;
    for (Map.Entry<String, Json> member : schema.members().entrySet()) {
      String place = JsonPointer.child(at, member.getKey());
      for (String next : sameValue(place, member.getKey(), member.getValue())) {
        below = Math.max(below, checkedHeight(place, next));
      }
    }
    heights.put(at, below + 1);
    return below + 1;
  }

  private int checkedHeight(String place, String next) {
    int height = height(next);
    if (height == OPEN) {
      faults.add(new Fault(place, "must not lead back to itself without a property or an item"));
      return 0;
    }
    if (height >= MAX_HEIGHT) {
      faults.add(new Fault(place, "must lead through at most %d schemas".formatted(MAX_HEIGHT)));
      return 0;
    }
    return height;
  }

  /** Pointers to the schemas that a keyword applies to the same value. */
  private static List<String> sameValue(String at, String keyword, Json value) {
    if (keyword.equals("$ref")) {
      String target = value instanceof Scalar scalar ? target(scalar.string()) : null;
      return target == null ? List.of() : List.of(target);
    }
    if (!SchemaKeywords.IN_PLACE.contains(keyword)) {
      return List.of();
    }
    List<String> schemas = new ArrayList<>();
    if (value instanceof JsonArray array) {
      for (int i = 0; i < array.elements().size(); i++) {
        schemas.add(JsonPointer.child(at, i));
      }
    } else if (keyword.equals("dependentSchemas") && value instanceof JsonObject object) {
      object.members().keySet().forEach(name -> schemas.add(JsonPointer.child(at, name)));
    } else {
      schemas.add(at);
    }
    return schemas;
  }
}
