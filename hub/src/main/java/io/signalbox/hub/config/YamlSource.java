package io.signalbox.hub.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.signalbox.cli.NameSuggestion;
import io.signalbox.hub.text.Utf8Validator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings from a YAML file: a mapping with a nested mapping per section. */
final class YamlSource {
  private final String name;
  private final Map<String, RawValue> values = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private YamlSource(String name) {
    this.name = name;
  }

  static YamlSource none() {
    return new YamlSource("");
  }

  static YamlSource read(Path path, SettingsSchema<?> schema) {
    YamlSource file = new YamlSource(path.toString());
    try {
      byte[] bytes = Files.readAllBytes(path);
      int invalid = Utf8Validator.invalidAt(bytes, 0, bytes.length);
      if (invalid != Utf8Validator.VALID) {
        file.faults.add(path + ": " + Utf8Validator.fault(bytes, 0, invalid));
        return file;
      }
      JsonNode root = mapper().readTree(new String(bytes, StandardCharsets.UTF_8));
      if (!root.isMissingNode() && !root.isNull()) {
        file.take("", root, schema);
      }
    } catch (JsonProcessingException malformed) {
      file.faults.add(
          "%s: invalid YAML: %s (line %d)"
              .formatted(path, firstLine(malformed.getOriginalMessage()), lineOf(malformed)));
    } catch (IOException unreadable) {
      file.faults.add(path + ": cannot be read");
    }
    return file;
  }

  /** Created only if there is a file: loading it takes a twelfth of the CPU time of a start. */
  private static YAMLMapper mapper() {
    return YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
  }

  /** Values by setting path. */
  Map<String, RawValue> values() {
    return values;
  }

  List<String> faults() {
    return faults;
  }

  private void take(String path, JsonNode node, SettingsSchema<?> schema) {
    Optional<SettingDescriptor> known = schema.at(path);
    String prefix = path.isEmpty() ? "" : path + ".";
    if (known.isPresent()) {
      takeValue(known.get(), node);
    } else if (!path.isEmpty() && !isSection(prefix, schema)) {
      List<String> paths = schema.entries().stream().map(SettingDescriptor::path).toList();
      faults.add(
          "%s: unknown setting%s (from %s)"
              .formatted(path, NameSuggestion.hint(path, paths), name));
    } else if (node.isObject()) {
      node.properties().forEach(each -> take(prefix + each.getKey(), each.getValue(), schema));
    } else if (!node.isNull()) {
      faults.add("%s: expected a mapping (from %s)".formatted(path.isEmpty() ? name : path, name));
    }
  }

  private void takeValue(SettingDescriptor entry, JsonNode node) {
    if (node.isArray() && ValueParser.isList(entry.type())) {
      takeList(entry, node);
    } else if (node.isContainerNode()) {
      faults.add("%s: expected a single value (from %s)".formatted(entry.path(), name));
    } else if (!node.isNull()) {
      values.put(entry.path(), new RawValue(node.asText(), name));
    }
  }

  /** An empty list counts as not set. */
  private void takeList(SettingDescriptor entry, JsonNode node) {
    List<String> parts = new ArrayList<>();
    node.forEach(part -> parts.add(part.asText()));
    if (!parts.isEmpty()) {
      values.put(entry.path(), new RawValue(String.join(", ", parts), name));
    }
  }

  private static boolean isSection(String prefix, SettingsSchema<?> schema) {
    return schema.entries().stream().anyMatch(entry -> entry.path().startsWith(prefix));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static int lineOf(JsonProcessingException malformed) {
    return malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr();
  }
}
