package io.signalbox.types.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.types.model.DtdlConverter;
import io.signalbox.types.model.InvalidModelException;
import io.signalbox.types.model.JsonPointers;
import io.signalbox.types.model.Model;
import io.signalbox.types.model.ThingModelConverter;
import io.signalbox.types.model.UnmappedMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of device types: {@code {"types": {NAME: definition, …}}}, or one definition as the hub
 * returns it, or a model of another standard.
 *
 * @param unmapped what the models have that device types have not
 */
public record TypeFile(List<TypeDefinition> types, List<UnmappedMember> unmapped) {
  /** Members that the hub adds to a definition. */
  private static final List<String> ADDED = List.of("type", "version", "changed", "by");

  /** Some editors put it at the start of a file. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** The notation of a file. */
  public enum Format {
    YAML,
    JSON
  }

  /**
   * Reads a file; a text that begins with a brace or bracket is JSON, any other is YAML.
   *
   * @param file name of the file, for error messages
   * @throws InvalidFileException if the text is not valid
   */
  public static TypeFile read(String file, String text) {
    JsonNode root = parsed(file, text);
    if (root instanceof ObjectNode object) {
      if (object.has("types")) {
        return new TypeFile(definitions(file, object), List.of());
      }
      if (object.path("type").isTextual()) {
        String name = object.path("type").textValue();
        return new TypeFile(List.of(definition(file, "", name, object)), List.of());
      }
    }
    try {
      if (DtdlConverter.accepts(root)) {
        return of(file, DtdlConverter.convert(root));
      }
      if (ThingModelConverter.accepts(root)) {
        return of(file, List.of(ThingModelConverter.convert((ObjectNode) root)));
      }
    } catch (InvalidModelException fault) {
      throw InvalidFileException.at(file, fault.pointer(), fault.reason());
    }
    throw InvalidFileException.at(
        file,
        "",
        "expected device types (a member types, or type), a W3C Thing Model or Thing Description,"
            + " or a DTDL interface");
  }

  /** The text of a file with these definitions. */
  public static String write(Map<String, ObjectNode> types, Format format) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putObject("types").setAll(types);
    try {
      return format == Format.JSON ? JsonText.json(root) : JsonText.yaml(root);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("definitions cannot be written", impossible);
    }
  }

  private static JsonNode parsed(String file, String content) {
    String text = content.startsWith(BYTE_ORDER_MARK) ? content.substring(1) : content;
    String start = text.stripLeading();
    try {
      JsonNode root =
          start.startsWith("{") || start.startsWith("[")
              ? JsonText.read(text)
              : JsonText.readYaml(text);
      if (root.isMissingNode()) {
        throw InvalidFileException.at(file, "", "is empty");
      }
      return root;
    } catch (JsonProcessingException fault) {
      throw InvalidFileException.at(file, fault);
    } catch (IOException impossible) {
      throw new IllegalStateException("a text cannot be read", impossible);
    }
  }

  private static List<TypeDefinition> definitions(String file, ObjectNode root) {
    for (Map.Entry<String, JsonNode> member : root.properties()) {
      if (!member.getKey().equals("types")) {
        String pointer = JsonPointers.child("", member.getKey());
        throw InvalidFileException.at(file, pointer, "is unknown; expected types");
      }
    }
    if (!(root.get("types") instanceof ObjectNode types)) {
      throw InvalidFileException.at(file, "/types", "must be an object of types by name");
    }
    List<TypeDefinition> definitions = new ArrayList<>();
    types
        .properties()
        .forEach(
            type -> {
              String pointer = JsonPointers.child("/types", type.getKey());
              definitions.add(definition(file, pointer, type.getKey(), type.getValue()));
            });
    return definitions;
  }

  private static TypeDefinition definition(
      String file, String pointer, String name, JsonNode value) {
    if (!(value instanceof ObjectNode object)) {
      throw InvalidFileException.at(file, pointer, "must be an object");
    }
    if (!TypeDefinition.isName(name)) {
      throw InvalidFileException.at(file, pointer, TypeDefinition.NAME_RULE);
    }
    JsonNode repeated = object.path("type");
    if (!repeated.isMissingNode() && !repeated.asText().equals(name)) {
      throw InvalidFileException.at(
          file, JsonPointers.child(pointer, "type"), "must be " + name + ", is " + repeated);
    }
    ObjectNode document = object.deepCopy();
    document.remove(ADDED);
    return new TypeDefinition(name, document, file, pointer);
  }

  private static TypeFile of(String file, List<Model> models) {
    List<TypeDefinition> types = new ArrayList<>();
    Set<UnmappedMember> unmapped = new LinkedHashSet<>();
    for (Model model : models) {
      types.add(new TypeDefinition(model.name(), model.document(), file, null));
      unmapped.addAll(model.unmapped());
    }
    return new TypeFile(types, List.copyOf(unmapped));
  }
}
