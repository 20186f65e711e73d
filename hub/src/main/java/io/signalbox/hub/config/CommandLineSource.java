package io.signalbox.hub.config;

import io.signalbox.cli.CommandLineConventions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Settings from command line flags: {@code --http-port 9000} or {@code --http-port=9000}. The
 * options are built from the settings records, without annotations; their values are text, which
 * {@link SettingDescriptor} parses as it does for the other sources.
 */
final class CommandLineSource {
  private final Map<String, RawValue> values = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private CommandLineSource() {}

  /** Adds an option for each setting; the help lists them by section. */
  static void addOptions(CommandSpec command, SettingsSchema<?> schema) {
    schema.entries().forEach(entry -> command.addOption(option(entry)));
    // All faults are reported at once, with those of the other sources.
    command.parser().collectErrors(true);
    command
        .usageMessage()
        .sectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> optionList(help, schema));
  }

  /** Reads a command line that was parsed with these options. */
  static CommandLineSource read(ParseResult parsed, SettingsSchema<?> schema) {
    CommandLineSource flags = new CommandLineSource();
    for (Exception error : parsed.errors()) {
      flags.faults.addAll(
          error instanceof ParameterException wrong
              ? CommandLineConventions.describe(wrong)
              : List.of(String.valueOf(error.getMessage())));
    }
    for (SettingDescriptor entry : schema.entries()) {
      OptionSpec given = parsed.matchedOption(entry.flag());
      if (given != null) {
        flags.take(entry, given);
      }
    }
    return flags;
  }

  /** Values by setting path. */
  Map<String, RawValue> values() {
    return values;
  }

  List<String> faults() {
    return faults;
  }

  private void take(SettingDescriptor entry, OptionSpec given) {
    if (entry.setting().secret()) {
      faults.add(
          "%s: a secret must not be on the command line, which others can read; use %s"
              .formatted(entry.flag(), entry.variable()));
    } else if (given.getValue() instanceof String text) {
      values.put(entry.path(), new RawValue(text, entry.flag()));
    }
  }

  private static OptionSpec option(SettingDescriptor entry) {
    OptionSpec.Builder option =
        OptionSpec.builder(entry.flag())
            .type(String.class)
            .paramLabel(ValueParser.label(entry.type()))
            .description(escaped(description(entry)))
            .hidden(entry.setting().secret());
    return entry.type() == boolean.class
        ? option.arity("0..1").fallbackValue("true").build()
        : option.arity("1").build();
  }

  private static String description(SettingDescriptor entry) {
    Setting setting = entry.setting();
    String allowed = setting.range().isEmpty() ? "" : setting.range() + "; ";
    String byDefault = setting.value().isEmpty() ? "none" : setting.value();
    return "%s (%sdefault: %s).".formatted(withoutPeriod(setting.doc()), allowed, byDefault);
  }

  private static String optionList(Help help, SettingsSchema<?> schema) {
    Map<String, String> sections = new HashMap<>();
    schema
        .entries()
        .forEach(entry -> sections.put(entry.flag(), SettingsReference.sectionOf(entry)));
    List<OptionSpec> visible =
        help.commandSpec().options().stream().filter(option -> !option.hidden()).toList();
    Map<String, List<OptionSpec>> options = new LinkedHashMap<>();
    for (OptionSpec option : visible) {
      String section = sections.getOrDefault(option.longestName(), "");
      options.computeIfAbsent(section, first -> new ArrayList<>()).add(option);
    }
    StringBuilder text = new StringBuilder();
    options.forEach(
        (section, some) -> {
          Help.Layout columns = help.createDefaultLayout(visible, List.of(), help.colorScheme());
          text.append(section.isEmpty() ? "" : heading(schema.docOf(section)))
              .append(
                  help.optionListExcludingGroups(
                      some, columns, null, help.parameterLabelRenderer()));
        });
    return text.toString();
  }

  private static String heading(String doc) {
    return String.format("%n%s:%n", withoutPeriod(doc));
  }

  private static String withoutPeriod(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** Descriptions are format strings. */
  private static String escaped(String text) {
    return text.replace("%", "%%");
  }
}
