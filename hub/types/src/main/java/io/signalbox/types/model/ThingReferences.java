package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Thing Model leaves open: references to other definitions, which are resolved within the
 * file, and placeholders, which are left out.
 */
final class ThingReferences {
  private static final String REFERENCE = "tm:ref";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]+\\}\\}");
  private static final int MAX_REFERENCES = 16;
  private static final int MAX_DEPTH = 64;

  private final ObjectNode root;
  private final Set<UnmappedMember> unmapped;

  ThingReferences(ObjectNode root, Set<UnmappedMember> unmapped) {
    this.root = root.deepCopy();
    this.unmapped = unmapped;
  }

  /** The model without the members whose values have placeholders; these are listed. */
  ObjectNode withoutPlaceholders() {
    remove("", root, 0);
    return root;
  }

  private void remove(String pointer, JsonNode node, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidModelException(pointer, "is nested too deeply");
    }
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .removeIf(
              member ->
                  isPlaceholder(
                      JsonPointers.child(pointer, member.getKey()), member.getValue(), depth));
    } else if (node instanceof ArrayNode array) {
      for (int i = array.size() - 1; i >= 0; i--) {
        if (isPlaceholder(JsonPointers.child(pointer, i), array.get(i), depth)) {
          array.remove(i);
        }
      }
    }
  }

  private boolean isPlaceholder(String pointer, JsonNode value, int depth) {
    remove(pointer, value, depth + 1);
    Matcher placeholder = PLACEHOLDER.matcher(value.isTextual() ? value.textValue() : "");
    if (!placeholder.find()) {
      return false;
    }
    unmapped.add(
        new UnmappedMember(pointer, "the placeholder " + placeholder.group() + " has no value"));
    return true;
  }

  /** The object, with what it refers to; a reference to another file is listed. */
  ModelObject resolved(ModelObject source) {
    ModelObject object = source;
    for (int i = 0; object.peek(REFERENCE).isTextual(); i++) {
      String reference = object.peek(REFERENCE).textValue();
      JsonNode target = reference.startsWith("#/") ? root.at(reference.substring(1)) : null;
      if (target == null) {
        object.drop(REFERENCE, "the file " + reference + " is not read");
        return object;
      }
      if (!(target instanceof ObjectNode definition) || i >= MAX_REFERENCES) {
        throw new InvalidModelException(
            object.pointer(REFERENCE), "does not point to a definition: " + reference);
      }
      object = merged(object, definition);
    }
    return object;
  }

  /** The definition with the members of the object that refers to it; null removes a member. */
  private static ModelObject merged(ModelObject referrer, ObjectNode definition) {
    ObjectNode merged = definition.deepCopy();
    for (Map.Entry<String, JsonNode> member : referrer.members()) {
      if (member.getValue().isNull()) {
        merged.remove(member.getKey());
      } else if (!member.getKey().equals(REFERENCE)) {
        merged.set(member.getKey(), member.getValue());
      }
    }
    return referrer.replacedBy(merged);
  }
}
