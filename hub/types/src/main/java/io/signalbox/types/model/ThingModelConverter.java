package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts a W3C Thing Model or Thing Description (TD 1.1). A property that can only be read is a
 * metric, or reported state if it is an array; one that can be written is desired and reported
 * state. An action is a command; an event with data is a metric.
 */
public final class ThingModelConverter {
  private static final String CONTEXT = "/wot/td";
  private static final String TEXT_LANGUAGE = "a type has labels in one language";

  private final TypeBuilder type = new TypeBuilder();
  private final Set<UnmappedMember> unmapped = new LinkedHashSet<>();
  private final ThingReferences references;

  private ThingModelConverter(ObjectNode root) {
    this.references = new ThingReferences(root, unmapped);
  }

  /** Whether the document is a Thing Model or a Thing Description. */
  public static boolean accepts(JsonNode root) {
    return root.isObject()
        && texts(root.path("@context")).stream()
            .anyMatch(context -> context.contains("w3.org/") && context.contains(CONTEXT));
  }

  /**
   * Converts a model.
   *
   * @throws InvalidModelException if it is not one
   */
  public static Model convert(ObjectNode root) {
    ThingModelConverter converter = new ThingModelConverter(root);
    return converter.model(converter.references.withoutPlaceholders());
  }

  private Model model(ObjectNode root) {
    String name;
    try (ModelObject thing = new ModelObject("", root, unmapped)) {
      thing.ignore("@context", "tm:optional");
      readTypes(thing);
      String title = text(thing, "title");
      if (title == null) {
        throw new InvalidModelException("/title", "is missing");
      }
      name = TypeNames.of(title);
      if (name.isEmpty()) {
        throw new InvalidModelException("/title", "has no letter or digit");
      }
      String description = text(thing, "description");
      type.describe(description == null ? title : description);
      affordances(thing, "properties").forEach(this::property);
      affordances(thing, "actions").forEach(this::action);
      affordances(thing, "events").forEach(this::event);
      readLinks(thing);
    }
    return new Model(name, type.document(), List.copyOf(unmapped));
  }

  private void readTypes(ModelObject thing) {
    JsonNode types = thing.take("@type");
    for (String each : texts(types)) {
      if (!each.equals("tm:ThingModel") && !each.equals("Thing")) {
        unmapped.add(
            new UnmappedMember("/@type", "the semantic type " + each + " has no counterpart"));
      }
    }
  }

  private void readLinks(ModelObject thing) {
    if (!thing.peek("links").isArray()) {
      return;
    }
    thing.ignore("links");
    int index = 0;
    for (JsonNode link : thing.peek("links")) {
      String reason =
          link.path("rel").asText().equals("tm:extends")
              ? "the model " + link.path("href").asText() + ", which this one extends, is not read"
              : "has no counterpart";
      unmapped.add(new UnmappedMember(JsonPointers.child("/links", index++), reason));
    }
  }

  private Map<String, ModelObject> affordances(ModelObject thing, String kind) {
    Map<String, ModelObject> affordances = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : thing.entries(kind)) {
      String pointer = JsonPointers.child(thing.pointer(kind), entry.getKey());
      ModelObject affordance = ModelObject.of(pointer, entry.getValue(), unmapped);
      affordances.put(entry.getKey(), references.resolved(affordance));
    }
    return affordances;
  }

  private void property(String name, ModelObject source) {
    try (ModelObject property = source) {
      boolean isReadOnly = property.flag("readOnly");
      boolean isWriteOnly = property.flag("writeOnly");
      property.ignore("observable");
      if (isReadOnly && !isWriteOnly) {
        readOnly(name, property);
        return;
      }
      ObjectNode schema = schema(property);
      type.desired().set(name, schema);
      if (!isWriteOnly) {
        type.reported().set(name, schema.deepCopy());
      }
    }
  }

  private void readOnly(String name, ModelObject property) {
    if (property.peek("type").asText().equals("array")) {
      type.reported().set(name, schema(property));
    } else {
      type.metrics().set(name, metric(property, property));
    }
  }

  private void action(String name, ModelObject source) {
    try (ModelObject action = source) {
      ObjectNode command = TypeBuilder.NODES.objectNode();
      TypeBuilder.putText(command, "label", text(action, "title"));
      TypeBuilder.putText(command, "description", text(action, "description"));
      putSchema(command, "params", action.object("input"));
      putSchema(command, "result", action.object("output"));
      if (action.peek("safe").asBoolean()) {
        action.ignore("safe");
        command.put("risk", "none");
      }
      type.commands().set(name, command);
    }
  }

  private void putSchema(ObjectNode command, String name, @Nullable ModelObject source) {
    if (source != null) {
      try (ModelObject schema = references.resolved(source)) {
        command.set(name, schema(schema));
      }
    }
  }

  private void event(String name, ModelObject source) {
    try (ModelObject event = source) {
      if (!event.peek("data").isObject()) {
        event.drop("an event without data has no counterpart");
      } else if (event.peek("data").path("type").asText().equals("array")) {
        event.drop("a metric cannot be an array");
      } else if (type.metrics().has(name)) {
        event.drop("a property has the same name");
      } else {
        addEvent(name, event);
      }
    }
  }

  private void addEvent(String name, ModelObject event) {
    ModelObject data = event.object("data");
    if (data != null) {
      try (ModelObject schema = references.resolved(data)) {
        type.metrics().set(name, metric(event, schema));
      }
    }
  }

  /**
   * A metric.
   *
   * @param affordance has title and description
   * @param schema has the rest
   */
  private ObjectNode metric(ModelObject affordance, ModelObject schema) {
    ObjectNode metric = TypeBuilder.NODES.objectNode();
    TypeBuilder.putText(metric, "label", text(affordance, "title"));
    TypeBuilder.putText(metric, "description", text(affordance, "description"));
    MetricWriter.putUnit(metric, schema);
    Map<String, String> labels = ThingSchema.labels(schema);
    String kind = schema.peek("type").asText();
    if (!labels.isEmpty()) {
      schema.ignore("type");
      MetricWriter.putValues(metric, labels);
      return metric;
    }
    switch (kind) {
      case "number", "integer" -> {
        metric.put("kind", "number");
        MetricWriter.putRange(metric, schema);
        MetricWriter.putDecimals(metric, schema.number("multipleOf"));
        if (kind.equals("integer")) {
          metric.put("decimals", 0);
        }
      }
      case "boolean" -> metric.put("kind", "boolean");
      case "string" -> metric.put("kind", "text");
      case "object" -> metric.put("kind", "object");
      default -> {
        return metric;
      }
    }
    schema.ignore("type");
    return metric;
  }

  private ObjectNode schema(ModelObject source) {
    ObjectNode schema = new ThingSchema(references).convert(source);
    schema.remove(List.of("readOnly", "writeOnly"));
    String title = text(source, "title");
    String description = text(source, "description");
    ObjectNode labelled = TypeBuilder.NODES.objectNode();
    TypeBuilder.putText(labelled, "title", title);
    TypeBuilder.putText(labelled, "description", description);
    return labelled.setAll(schema);
  }

  /** A text, or the English one of its translations; the other translations are listed. */
  private @Nullable String text(ModelObject source, String name) {
    String text = source.text(name);
    String translations = name + "s";
    if (text != null) {
      source.drop(translations, TEXT_LANGUAGE);
      return text;
    }
    return source.localized(translations);
  }

  /** The strings of a value that is a string or an array. */
  static List<String> texts(@Nullable JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value != null && value.isTextual()) {
      texts.add(value.textValue());
    } else if (value != null && value.isArray()) {
      value.forEach(each -> texts.addAll(texts(each.isTextual() ? each : null)));
    }
    return texts;
  }
}
