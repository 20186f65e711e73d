package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts schemas of DTDL to kinds of metrics, and to JSON Schema 2020-12. */
final class DtdlSchema {
  private static final int MAX_DEPTH = 16;
  private static final Set<String> NUMBERS = Set.of("double", "float", "integer", "long");
  private static final Map<String, String> FORMATS =
      Map.of("date", "date", "dateTime", "date-time", "duration", "duration", "time", "time");
  private static final Set<String> GEOSPATIAL =
      Set.of("point", "multiPoint", "lineString", "multiLineString", "polygon", "multiPolygon");
  private static final List<String> COMPLEX = List.of("Array", "Enum", "Map", "Object");

  private final Collection<UnmappedMember> unmapped;
  private final Map<String, ModelObject> reusable;

  DtdlSchema(Collection<UnmappedMember> unmapped) {
    this(unmapped, Map.of());
  }

  private DtdlSchema(Collection<UnmappedMember> unmapped, Map<String, ModelObject> reusable) {
    this.unmapped = unmapped;
    this.reusable = reusable;
  }

  /** With the reusable schemas of an interface. */
  DtdlSchema with(ModelObject source) {
    Map<String, ModelObject> schemas = new HashMap<>(reusable);
    for (ModelObject schema : source.objects("schemas")) {
      schemas.put(schema.peek("@id").asText(), schema);
    }
    return new DtdlSchema(unmapped, schemas);
  }

  /** Puts the kind of a metric; false if metrics have no such kind. */
  boolean putKind(ObjectNode metric, ModelObject content) {
    ModelObject complex = complex(content);
    if (complex == null) {
      putPrimitive(metric, content);
      return true;
    }
    try (complex) {
      switch (kind(complex)) {
        case "Array" -> {
          complex.ignoreAll();
          return false;
        }
        case "Enum" -> MetricWriter.putValues(metric, labels(complex));
        default -> {
          metric.put("kind", "object");
          complex.drop("a metric of kind object has no schema");
        }
      }
    }
    return true;
  }

  private void putPrimitive(ObjectNode metric, ModelObject content) {
    String schema = content.requiredText("schema");
    if (NUMBERS.contains(schema)) {
      metric.put("kind", "number");
      if (schema.equals("integer") || schema.equals("long")) {
        metric.put("decimals", 0);
      }
    } else if (schema.equals("boolean")) {
      metric.put("kind", "boolean");
    } else if (schema.equals("string")) {
      metric.put("kind", "text");
    } else if (FORMATS.containsKey(schema)) {
      metric.put("kind", "text");
      content.drop("schema", "a metric of kind text has no format, such as " + schema);
    } else if (GEOSPATIAL.contains(schema)) {
      metric.put("kind", "object");
      content.drop("schema", "a metric of kind object has no schema, such as " + schema);
    } else {
      content.drop("schema", unknown(schema));
    }
  }

  /** The schema of a content, a payload or a field, with its labels and unit. */
  ObjectNode labelled(ModelObject source) {
    return labelled(source, 0);
  }

  private ObjectNode labelled(ModelObject source, int depth) {
    ObjectNode schema = TypeBuilder.NODES.objectNode();
    TypeBuilder.putText(schema, "title", source.localized("displayName"));
    TypeBuilder.putText(schema, "description", source.localized("description"));
    MetricWriter.putUnit(schema, source);
    schema.setAll(schemaOf(source, "schema", depth));
    return schema;
  }

  private ObjectNode schemaOf(ModelObject source, String name, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidModelException(source.pointer(name), "is nested too deeply");
    }
    ModelObject complex = complex(source, name);
    if (complex == null) {
      return primitive(source, name);
    }
    try (complex) {
      complex.ignore("displayName", "description");
      return switch (kind(complex)) {
        case "Array" -> {
          ObjectNode schema = TypeBuilder.NODES.objectNode().put("type", "array");
          schema.set("items", schemaOf(complex, "elementSchema", depth + 1));
          yield schema;
        }
        case "Enum" -> enumeration(complex);
        case "Map" -> map(complex, depth);
        default -> object(complex, depth);
      };
    }
  }

  private static ObjectNode primitive(ModelObject source, String name) {
    String primitive = source.requiredText(name);
    ObjectNode schema = TypeBuilder.NODES.objectNode();
    String format = FORMATS.get(primitive);
    if (format != null) {
      return schema.put("type", "string").put("format", format);
    }
    if (GEOSPATIAL.contains(primitive)) {
      source.drop(name, "the GeoJSON of a " + primitive + " is not validated");
      return schema.put("type", "object");
    }
    switch (primitive) {
      case "boolean", "string", "integer" -> schema.put("type", primitive);
      case "long" -> schema.put("type", "integer");
      case "double", "float" -> schema.put("type", "number");
      default -> source.drop(name, unknown(primitive));
    }
    return schema;
  }

  private static ObjectNode enumeration(ModelObject complex) {
    ObjectNode schema = TypeBuilder.NODES.objectNode();
    JsonNode members = complex.peek("enumValues");
    Map<String, String> labels = labels(complex);
    members.forEach(member -> schema.withArray("enum").add(member.path("enumValue")));
    ObjectNode values = schema.putObject("values");
    labels.forEach(values::put);
    return schema;
  }

  /** The labels of an enumeration, by value. */
  private static Map<String, String> labels(ModelObject complex) {
    complex.ignore("valueSchema", "displayName", "description");
    Map<String, String> labels = new LinkedHashMap<>();
    for (ModelObject member : complex.objects("enumValues")) {
      try (member) {
        String label = member.localized("displayName");
        String name = member.requiredText("name");
        member.ignore("@id", "@type");
        JsonNode value = member.take("enumValue");
        if (value == null) {
          throw new InvalidModelException(member.pointer("enumValue"), "is missing");
        }
        labels.put(MetricWriter.key(value), label == null ? name : label);
      }
    }
    return labels;
  }

  private ObjectNode map(ModelObject complex, int depth) {
    ObjectNode schema = TypeBuilder.NODES.objectNode().put("type", "object");
    try (ModelObject key = required(complex, "mapKey");
        ModelObject value = required(complex, "mapValue")) {
      key.ignore("name", "schema", "@id", "@type");
      value.ignore("name", "@id", "@type");
      schema.set("additionalProperties", labelled(value, depth + 1));
    }
    return schema;
  }

  private static ModelObject required(ModelObject source, String name) {
    ModelObject object = source.object(name);
    if (object == null) {
      throw new InvalidModelException(source.pointer(name), "is missing");
    }
    return object;
  }

  private ObjectNode object(ModelObject complex, int depth) {
    ObjectNode properties = TypeBuilder.NODES.objectNode();
    for (ModelObject field : complex.objects("fields")) {
      try (field) {
        readFieldTypes(field);
        properties.set(field.requiredText("name"), labelled(field, depth + 1));
      }
    }
    return TypeBuilder.stateOf(properties);
  }

  private void readFieldTypes(ModelObject field) {
    field.ignore("@id");
    for (String each : ThingModelConverter.texts(field.take("@type"))) {
      if (!each.equals("Field")) {
        unmapped.add(
            new UnmappedMember(
                field.pointer("@type"), "the semantic type " + each + " has no counterpart"));
      }
    }
  }

  private @Nullable ModelObject complex(ModelObject source) {
    return complex(source, "schema");
  }

  /** The definition of a complex schema, in place or reusable; null if the schema is primitive. */
  private @Nullable ModelObject complex(ModelObject source, String name) {
    JsonNode value = source.peek(name);
    if (value.isObject()) {
      return source.object(name);
    }
    ModelObject found = reusable.get(value.asText());
    if (found == null) {
      return null;
    }
    source.ignore(name);
    return found.reopened();
  }

  private static String kind(ModelObject complex) {
    complex.ignore("@id");
    List<String> types = ThingModelConverter.texts(complex.take("@type"));
    for (String type : types) {
      if (COMPLEX.contains(type)) {
        return type;
      }
    }
    throw new InvalidModelException(
        complex.pointer("@type"), "must be one of " + String.join(", ", COMPLEX));
  }

  private static String unknown(String schema) {
    return schema.startsWith("dtmi:")
        ? "the schema " + schema + " is not in this file"
        : "the schema " + schema + " is unknown";
  }
}
