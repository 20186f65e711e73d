package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The interfaces of a DTDL document, by identifier, and the references between them. */
final class DtdlDocument {
  private static final Pattern CONTEXT = Pattern.compile("dtmi:dtdl:context;(\\d+)(\\..*)?");
  private static final Pattern ID = Pattern.compile("dtmi:(?:.*:)?([A-Za-z0-9_]+)(?:;[\\d.]+)?");
  private static final Set<String> VERSIONS = Set.of("2", "3");

  private final Map<String, Interface> interfaces = new LinkedHashMap<>();

  private DtdlDocument() {}

  /** An interface and its place in the document. */
  record Interface(String id, String pointer, ObjectNode node) {
    ModelObject open(Collection<UnmappedMember> unmapped) {
      return new ModelObject(pointer, node, unmapped);
    }

    /** The last segment of the identifier, as the name of a type. */
    String typeName() {
      Matcher name = ID.matcher(id);
      if (!name.matches()) {
        throw new InvalidModelException(
            JsonPointers.child(pointer, "@id"),
            "must be an identifier such as dtmi:com:example:Pump;1, is " + id);
      }
      return TypeNames.of(name.group(1));
    }
  }

  /**
   * A reference to an interface.
   *
   * @param target null if it is not in the document
   */
  record Reference(String id, String pointer, @Nullable Interface target) {}

  static DtdlDocument of(JsonNode root) {
    DtdlDocument document = new DtdlDocument();
    if (root.isArray()) {
      for (int i = 0; i < root.size(); i++) {
        document.add(JsonPointers.child("", i), root.get(i), true);
      }
    } else {
      document.add("", root, true);
    }
    return document;
  }

  private void add(String pointer, JsonNode node, boolean isRoot) {
    if (!(node instanceof ObjectNode object) || !node.path("@id").isTextual()) {
      throw new InvalidModelException(pointer, "must be an interface with an @id");
    }
    if (isRoot) {
      checkVersion(pointer, object);
    }
    String id = object.path("@id").textValue();
    if (interfaces.putIfAbsent(id, new Interface(id, pointer, object)) != null) {
      throw new InvalidModelException(pointer, "the interface " + id + " is defined twice");
    }
    addInline(JsonPointers.child(pointer, "extends"), object.path("extends"));
    String contents = JsonPointers.child(pointer, "contents");
    int index = 0;
    for (JsonNode content : object.path("contents")) {
      String place = JsonPointers.child(contents, index++);
      if (ThingModelConverter.texts(content.path("@type")).contains("Component")) {
        addInline(JsonPointers.child(place, "schema"), content.path("schema"));
      }
    }
  }

  private void addInline(String pointer, JsonNode node) {
    if (node.isObject()) {
      add(pointer, node, false);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      addInline(JsonPointers.child(pointer, i), node.get(i));
    }
  }

  private static void checkVersion(String pointer, ObjectNode object) {
    for (String context : contexts(object)) {
      Matcher version = CONTEXT.matcher(context);
      if (version.matches() && VERSIONS.contains(version.group(1))) {
        return;
      }
    }
    throw new InvalidModelException(
        JsonPointers.child(pointer, "@context"),
        "must have dtmi:dtdl:context;2 or dtmi:dtdl:context;3");
  }

  static List<String> contexts(JsonNode node) {
    return ThingModelConverter.texts(node.path("@context"));
  }

  static boolean isContext(String text) {
    return CONTEXT.matcher(text).matches();
  }

  /** The interfaces that no other one refers to; all of them if each is referred to. */
  List<Interface> roots() {
    Set<String> used = new LinkedHashSet<>();
    for (Interface each : interfaces.values()) {
      ModelObject source = each.open(new ArrayList<>());
      references(source, "extends").forEach(reference -> used.add(reference.id()));
      for (ModelObject content : source.objects("contents")) {
        if (ThingModelConverter.texts(content.peek("@type")).contains("Component")) {
          references(content, "schema").forEach(reference -> used.add(reference.id()));
        }
      }
    }
    List<Interface> roots =
        interfaces.values().stream().filter(each -> !used.contains(each.id())).toList();
    return roots.isEmpty() ? List.copyOf(interfaces.values()) : roots;
  }

  /** The interfaces that a member refers to, by identifier or by a definition in place. */
  List<Reference> references(ModelObject source, String name) {
    JsonNode value = source.take(name);
    List<Reference> references = new ArrayList<>();
    if (value != null && value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        references.add(reference(JsonPointers.child(source.pointer(name), i), value.get(i)));
      }
    } else if (value != null) {
      references.add(reference(source.pointer(name), value));
    }
    return references;
  }

  private Reference reference(String pointer, JsonNode value) {
    String id = value.isObject() ? value.path("@id").asText() : value.asText();
    return new Reference(id, pointer, interfaces.get(id));
  }
}
