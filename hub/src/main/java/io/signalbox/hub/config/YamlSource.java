package io.signalbox.hub.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
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
      try (JsonParser in = factory().createParser(new String(bytes, StandardCharsets.UTF_8))) {
        if (in.nextToken() != null) {
          file.take("", in, schema);
        }
      }
    } catch (JsonProcessingException malformed) {
      file.values.clear();
      file.faults.clear();
      file.faults.add(
          "%s: invalid YAML: %s (line %d)"
              .formatted(path, firstLine(malformed.getOriginalMessage()), lineOf(malformed)));
    } catch (IOException unreadable) {
      file.faults.add(path + ": cannot be read");
    }
    return file;
  }

  /** Created only if there is a file: it loads about 100 classes. */
  private static YAMLFactory factory() {
    return YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  }

  /** Values by setting path. */
  Map<String, RawValue> values() {
    return values;
  }

  List<String> faults() {
    return faults;
  }

  /** Takes the current value, which may be a section; leaves the parser at its last token. */
  private void take(String path, JsonParser in, SettingsSchema<?> schema) throws IOException {
    Optional<SettingDescriptor> known = schema.at(path);
    String prefix = path.isEmpty() ? "" : path + ".";
    if (known.isPresent()) {
      takeValue(known.get(), in);
    } else if (!path.isEmpty() && !isSection(prefix, schema)) {
      List<String> paths = schema.entries().stream().map(SettingDescriptor::path).toList();
      faults.add(
          "%s: unknown setting%s (from %s)"
              .formatted(path, NameSuggestion.hint(path, paths), name));
      in.skipChildren();
    } else if (in.currentToken() == JsonToken.START_OBJECT) {
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String section = prefix + in.currentName();
        in.nextToken();
        take(section, in, schema);
      }
    } else if (in.currentToken() != JsonToken.VALUE_NULL) {
      faults.add("%s: expected a mapping (from %s)".formatted(path.isEmpty() ? name : path, name));
      in.skipChildren();
    }
  }

  private void takeValue(SettingDescriptor entry, JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_ARRAY && ValueParser.isList(entry.type())) {
      takeList(entry, in);
    } else if (token.isStructStart()) {
      faults.add("%s: expected a single value (from %s)".formatted(entry.path(), name));
      in.skipChildren();
    } else if (token != JsonToken.VALUE_NULL) {
      values.put(entry.path(), new RawValue(text(in), name));
    }
  }

  /** An empty list counts as not set. */
  private void takeList(SettingDescriptor entry, JsonParser in) throws IOException {
    List<String> parts = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      parts.add(text(in));
      in.skipChildren();
    }
    if (!parts.isEmpty()) {
      values.put(entry.path(), new RawValue(String.join(", ", parts), name));
    }
  }

  /** The value as decimal number, true, false or text; empty for a mapping or list. */
  private static String text(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_NUMBER_INT -> in.getNumberValue().toString();
      case VALUE_NUMBER_FLOAT -> Double.toString(in.getDoubleValue());
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      case VALUE_STRING, VALUE_EMBEDDED_OBJECT -> in.getText();
      case START_OBJECT, START_ARRAY, END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE -> "";
    };
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
