package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of a model that remembers which of its members have been read. What has not been read
 * when it is closed has no counterpart, so that nothing is dropped silently.
 */
final class ModelObject implements AutoCloseable {
  private static final String NO_COUNTERPART = "has no counterpart";

  private final String pointer;
  private final ObjectNode node;
  private final Collection<UnmappedMember> unmapped;
  private final Set<String> read = new HashSet<>();

  ModelObject(String pointer, ObjectNode node, Collection<UnmappedMember> unmapped) {
    this.pointer = pointer;
    this.node = node;
    this.unmapped = unmapped;
  }

  /** The object at this place; throws if the value is not one. */
  static ModelObject of(String pointer, JsonNode value, Collection<UnmappedMember> unmapped) {
    if (value instanceof ObjectNode object) {
      return new ModelObject(pointer, object, unmapped);
    }
    throw new InvalidModelException(pointer, "must be an object");
  }

  String pointer() {
    return pointer;
  }

  String pointer(String name) {
    return JsonPointers.child(pointer, name);
  }

  boolean has(String name) {
    return node.has(name);
  }

  /** The value of a member, which counts as read; null if it is missing. */
  @Nullable JsonNode take(String name) {
    read.add(name);
    return node.get(name);
  }

  /** The value of a member that is not read. */
  JsonNode peek(String name) {
    return node.path(name);
  }

  /** All members, without counting them as read. */
  Set<Map.Entry<String, JsonNode>> members() {
    return node.properties();
  }

  /** An object at the same place. */
  ModelObject replacedBy(ObjectNode other) {
    return new ModelObject(pointer, other, unmapped);
  }

  /** The same object, of which nothing has been read. */
  ModelObject reopened() {
    return replacedBy(node);
  }

  /** The objects of a member that is an array or a single object. */
  List<ModelObject> objects(String name) {
    JsonNode value = take(name);
    List<ModelObject> objects = new ArrayList<>();
    if (value != null && value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        objects.add(of(JsonPointers.child(pointer(name), i), value.get(i), unmapped));
      }
    } else if (value != null) {
      objects.add(of(pointer(name), value, unmapped));
    }
    return objects;
  }

  /** An object at another place of the same model. */
  ModelObject nested(String place, @Nullable JsonNode value) {
    return of(place, value == null ? MissingNode.getInstance() : value, unmapped);
  }

  /** Counts members as read that say nothing of a device. */
  void ignore(String... names) {
    read.addAll(Set.of(names));
  }

  /** Counts all members as read. */
  void ignoreAll() {
    node.fieldNames().forEachRemaining(read::add);
  }

  /** A string. */
  @Nullable String text(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isTextual() || value.textValue().isEmpty()) {
      return null;
    }
    read.add(name);
    return value.textValue();
  }

  /** A string that must be there. */
  String requiredText(String name) {
    String text = text(name);
    if (text == null) {
      throw new InvalidModelException(
          pointer(name), node.has(name) ? "must be a string" : "is missing");
    }
    return text;
  }

  /** Whether a member is true. */
  boolean flag(String name) {
    read.add(name);
    return node.path(name).asBoolean(false);
  }

  /** A number. */
  @Nullable BigDecimal number(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isNumber()) {
      return null;
    }
    read.add(name);
    return value.decimalValue();
  }

  /** A member object; null if it is missing. */
  @Nullable ModelObject object(String name) {
    JsonNode value = take(name);
    return value == null ? null : of(pointer(name), value, unmapped);
  }

  /** The members of an object by name, in their order; empty if it is missing. */
  Set<Map.Entry<String, JsonNode>> entries(String name) {
    ModelObject object = object(name);
    return object == null ? Set.of() : object.node.properties();
  }

  /** Lists a member that is not converted. */
  void drop(String name, String reason) {
    read.add(name);
    if (node.has(name)) {
      unmapped.add(new UnmappedMember(pointer(name), reason));
    }
  }

  /** Lists the whole object as not converted. */
  void drop(String reason) {
    ignoreAll();
    unmapped.add(new UnmappedMember(pointer, reason));
  }

  /** A text in several languages, or in one: the English one, or else the first. */
  @Nullable String localized(String name) {
    JsonNode value = node.path(name);
    if (!value.isObject()) {
      return text(name);
    }
    read.add(name);
    String language = value.path("en").isTextual() ? "en" : null;
    for (Map.Entry<String, JsonNode> text : value.properties()) {
      if (language == null) {
        language = text.getKey();
      } else if (!language.equals(text.getKey())) {
        String place = JsonPointers.child(pointer(name), text.getKey());
        unmapped.add(new UnmappedMember(place, "a type has labels in one language"));
      }
    }
    return language == null ? null : value.path(language).asText();
  }

  /** Lists the members that have not been read. */
  @Override
  public void close() {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (read.add(member.getKey())) {
        unmapped.add(new UnmappedMember(pointer(member.getKey()), NO_COUNTERPART));
      }
    }
  }
}
