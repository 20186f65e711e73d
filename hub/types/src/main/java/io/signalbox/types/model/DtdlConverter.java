package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts interfaces of DTDL, version 2 or 3. Telemetry is metrics; a property is reported state,
 * and desired state as well if it is writable; a command is a command. What an interface extends,
 * and its components, are read if they are in the same file: {@code pump.flow} is the metric of a
 * component, and its properties are an object of the state.
 *
 * <p>Each interface of a file is a type, except those that others extend or have as components.
 */
public final class DtdlConverter {
  private static final int MAX_DEPTH = 12;
  private static final List<String> CONTENTS =
      List.of("Telemetry", "Property", "Command", "Component", "Relationship");

  private final DtdlDocument document;
  private final Set<UnmappedMember> unmapped = new LinkedHashSet<>();
  private DtdlSchema schemas;

  private DtdlConverter(DtdlDocument document) {
    this.document = document;
    this.schemas = new DtdlSchema(unmapped);
  }

  /** Whether the document is an interface, or an array of interfaces. */
  public static boolean accepts(JsonNode root) {
    JsonNode first = root.isArray() ? root.path(0) : root;
    return ThingModelConverter.texts(first.path("@type")).contains("Interface")
        || DtdlDocument.contexts(first).stream().anyMatch(DtdlDocument::isContext);
  }

  /**
   * Converts the interfaces of a document.
   *
   * @throws InvalidModelException if it is not valid
   */
  public static List<Model> convert(JsonNode root) {
    DtdlDocument document = DtdlDocument.of(root);
    List<Model> models = new ArrayList<>();
    for (DtdlDocument.Interface each : document.roots()) {
      models.add(new DtdlConverter(document).model(each));
    }
    return models;
  }

  private Model model(DtdlDocument.Interface root) {
    TypeBuilder type = new TypeBuilder();
    try (ModelObject source = root.open(unmapped)) {
      String label = source.localized("displayName");
      String description = source.localized("description");
      type.describe(description == null ? label : description);
      readInterface(source, type, 0);
    }
    return new Model(root.typeName(), type.document(), List.copyOf(unmapped));
  }

  private void readInterface(ModelObject source, TypeBuilder type, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidModelException(source.pointer(), "extends itself, or is nested too deeply");
    }
    source.ignore("@id", "@type", "@context");
    DtdlSchema outer = schemas;
    schemas = schemas.with(source);
    readExtended(source, type, depth);
    for (ModelObject content : source.objects("contents")) {
      try (content) {
        readContent(content, type, depth);
      }
    }
    schemas = outer;
  }

  private void readExtended(ModelObject source, TypeBuilder type, int depth) {
    for (DtdlDocument.Reference extended : document.references(source, "extends")) {
      DtdlDocument.Interface found = extended.target();
      if (found == null) {
        unmapped.add(
            new UnmappedMember(
                extended.pointer(), "the interface " + extended.id() + " is not in this file"));
        continue;
      }
      try (ModelObject base = found.open(unmapped)) {
        base.ignore("displayName", "description");
        readInterface(base, type, depth + 1);
      }
    }
  }

  private void readContent(ModelObject content, TypeBuilder type, int depth) {
    String kind = kind(content);
    content.ignore("@id");
    switch (kind) {
      case "Telemetry" -> telemetry(content, type);
      case "Property" -> property(content, type);
      case "Command" -> command(content, type);
      case "Component" -> component(content, type, depth);
      default -> content.drop("a " + kind + " has no counterpart");
    }
  }

  /** The kind of a content; its semantic types are listed. */
  private String kind(ModelObject content) {
    String kind = "";
    for (String each : ThingModelConverter.texts(content.take("@type"))) {
      if (CONTENTS.contains(each)) {
        kind = each;
      } else {
        unmapped.add(
            new UnmappedMember(
                content.pointer("@type"), "the semantic type " + each + " has no counterpart"));
      }
    }
    if (kind.isEmpty()) {
      throw new InvalidModelException(
          content.pointer("@type"), "must be one of " + String.join(", ", CONTENTS));
    }
    return kind;
  }

  private void telemetry(ModelObject content, TypeBuilder type) {
    String name = content.requiredText("name");
    ObjectNode metric = TypeBuilder.NODES.objectNode();
    TypeBuilder.putText(metric, "label", content.localized("displayName"));
    TypeBuilder.putText(metric, "description", content.localized("description"));
    MetricWriter.putUnit(metric, content);
    if (schemas.putKind(metric, content)) {
      type.metrics().set(name, metric);
    } else {
      content.drop("a metric cannot be an array");
    }
  }

  private void property(ModelObject content, TypeBuilder type) {
    String name = content.requiredText("name");
    ObjectNode schema = schemas.labelled(content);
    if (content.flag("writable")) {
      type.desired().set(name, schema.deepCopy());
    }
    type.reported().set(name, schema);
  }

  private void command(ModelObject content, TypeBuilder type) {
    String name = content.requiredText("name");
    ObjectNode command = TypeBuilder.NODES.objectNode();
    TypeBuilder.putText(command, "label", content.localized("displayName"));
    TypeBuilder.putText(command, "description", content.localized("description"));
    putPayload(command, "params", content.object("request"));
    putPayload(command, "result", content.object("response"));
    type.commands().set(name, command);
  }

  /** The value of the payload is that of its schema; its name becomes the title. */
  private void putPayload(ObjectNode command, String name, @Nullable ModelObject source) {
    if (source == null) {
      return;
    }
    try (ModelObject payload = source) {
      String title = payload.text("name");
      payload.ignore("@id", "@type");
      ObjectNode schema = schemas.labelled(payload);
      if (title != null && !schema.has("title") && !schema.path("type").asText().equals("object")) {
        schema.put("title", title);
      }
      if (payload.flag("nullable")) {
        ObjectNode nullable = TypeBuilder.NODES.objectNode();
        nullable.putArray("anyOf").add(schema).addObject().put("type", "null");
        schema = nullable;
      }
      command.set(name, schema);
    }
  }

  private void component(ModelObject content, TypeBuilder type, int depth) {
    String name = content.requiredText("name");
    List<DtdlDocument.Reference> references = document.references(content, "schema");
    if (references.size() != 1) {
      throw new InvalidModelException(content.pointer("schema"), "must be one interface");
    }
    DtdlDocument.Interface found = references.getFirst().target();
    if (found == null) {
      content.drop("the interface " + references.getFirst().id() + " is not in this file");
      return;
    }
    TypeBuilder component = new TypeBuilder();
    try (ModelObject source = found.open(unmapped)) {
      source.ignore("displayName", "description");
      readInterface(source, component, depth + 1);
    }
    addAll(type.metrics(), name, component.metrics());
    addAll(type.commands(), name, component.commands());
    String label = content.localized("displayName");
    String description = content.localized("description");
    putState(type.desired(), name, component.desired(), label, description);
    putState(type.reported(), name, component.reported(), label, description);
  }

  private static void addAll(ObjectNode all, String component, ObjectNode parts) {
    parts.properties().forEach(part -> all.set(component + "." + part.getKey(), part.getValue()));
  }

  private static void putState(
      ObjectNode state,
      String name,
      ObjectNode properties,
      @Nullable String label,
      @Nullable String description) {
    if (!properties.isEmpty()) {
      ObjectNode schema = TypeBuilder.NODES.objectNode();
      TypeBuilder.putText(schema, "title", label);
      TypeBuilder.putText(schema, "description", description);
      state.set(name, schema.<ObjectNode>setAll(TypeBuilder.stateOf(properties)));
    }
  }
}
