package io.signalbox.hub.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A settings record with the origin of each value. Flags override variables, variables override the
 * file, and the file overrides the defaults.
 */
public final class Configuration<T extends Record> {
  private final SettingsSchema<T> schema;
  private final T settings;
  private final Map<String, RawValue> inForce;

  private Configuration(SettingsSchema<T> schema, T settings, Map<String, RawValue> inForce) {
    this.schema = schema;
    this.settings = settings;
    this.inForce = inForce;
  }

  /** Adds an option for each setting of the record; the help has a section per nested record. */
  public static void addOptions(CommandSpec command, Class<? extends Record> type) {
    CommandLineSource.addOptions(command, SettingsSchema.of(type));
  }

  /**
   * Reads a configuration.
   *
   * @param flags the command line; only options of settings are valid
   * @param variables the environment
   * @param file the YAML file; null for none
   * @throws InvalidConfigException with every fault found
   */
  public static <T extends Record> Configuration<T> read(
      Class<T> type, List<String> flags, Map<String, String> variables, @Nullable Path file) {
    CommandSpec command = CommandSpec.create();
    addOptions(command, type);
    CommandLine line = new CommandLine(command).setExpandAtFiles(false);
    return read(type, line.parseArgs(flags.toArray(String[]::new)), variables, file);
  }

  /**
   * Reads a configuration.
   *
   * @param flags the command line, parsed with {@link #addOptions}
   * @param variables the environment
   * @param file the YAML file; null for none
   * @throws InvalidConfigException with every fault found
   */
  public static <T extends Record> Configuration<T> read(
      Class<T> type, ParseResult flags, Map<String, String> variables, @Nullable Path file) {
    SettingsSchema<T> schema = SettingsSchema.of(type);
    YamlSource fromFile = file == null ? YamlSource.none() : YamlSource.read(file, schema);
    EnvironmentSource fromEnvironment = EnvironmentSource.read(variables, schema);
    CommandLineSource fromFlags = CommandLineSource.read(flags, schema);

    Map<String, RawValue> given = new LinkedHashMap<>(fromFile.values());
    given.putAll(fromEnvironment.values());
    given.putAll(fromFlags.values());
    List<String> faults = new ArrayList<>(fromFlags.faults());
    faults.addAll(fromEnvironment.faults());
    faults.addAll(fromFile.faults());
    return make(schema, given, faults);
  }

  /** A settings record with only its defaults, for tests and embedding. */
  public static <T extends Record> T defaults(Class<T> type) {
    return read(type, List.of(), Map.of(), null).settings();
  }

  /** The settings record. */
  public T settings() {
    return settings;
  }

  /** The effective settings as YAML, each value with a comment that names its origin. */
  public String print() {
    StringBuilder text = new StringBuilder();
    String section = "";
    for (SettingDescriptor entry : schema.entries()) {
      String sectionOfEntry = SettingsReference.sectionOf(entry);
      if (!sectionOfEntry.equals(section)) {
        section = sectionOfEntry;
        text.append(section).append(":\n");
      }
      text.append(line(entry)).append('\n');
    }
    return text.toString();
  }

  private String line(SettingDescriptor entry) {
    RawValue given = inForce.get(entry.path());
    String indent = SettingsReference.sectionOf(entry).isEmpty() ? "" : "  ";
    String name = SettingsReference.nameOf(entry);
    if (given == null) {
      return "%s# %s: (none)".formatted(indent, name);
    }
    // A masked secret is a comment, so that the output is a valid configuration file.
    String value = entry.setting().secret() ? "********" : quoted(given.text());
    String setting =
        "%s%s%s: %s".formatted(indent, entry.setting().secret() ? "# " : "", name, value);
    return "%-40s # %s".formatted(setting, given.origin());
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./-][A-Za-z0-9_./:-]*") && !text.endsWith(":")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static <T extends Record> Configuration<T> make(
      SettingsSchema<T> schema, Map<String, RawValue> given, List<String> faults) {
    Map<String, RawValue> inForce = new LinkedHashMap<>();
    Map<String, Object> values = new LinkedHashMap<>();
    for (SettingDescriptor entry : schema.entries()) {
      RawValue byDefault = new RawValue(entry.setting().value(), "default");
      RawValue chosen = given.getOrDefault(entry.path(), byDefault);
      if (given.containsKey(entry.path()) || !byDefault.text().isEmpty()) {
        inForce.put(entry.path(), chosen);
        read(entry, chosen, values, faults);
      }
    }
    T settings = schema.make(values, faults);
    if (!faults.isEmpty()) {
      throw new InvalidConfigException(faults);
    }
    return new Configuration<>(schema, Objects.requireNonNull(settings), inForce);
  }

  private static void read(
      SettingDescriptor entry, RawValue given, Map<String, Object> values, List<String> faults) {
    try {
      values.put(entry.path(), entry.read(given));
    } catch (IllegalArgumentException refused) {
      faults.add(refused.getMessage());
    }
  }
}
