package io.signalbox.hub.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;

/** Settings from command line flags: {@code --http-port 9000} or {@code --http-port=9000}. */
final class CommandLineSource {
  private final Map<String, RawValue> values = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private CommandLineSource() {}

  static CommandLineSource read(List<String> arguments, SettingsSchema<?> schema) {
    CommandLineSource flags = new CommandLineSource();
    ListIterator<String> rest = arguments.listIterator();
    while (rest.hasNext()) {
      flags.take(rest.next(), rest, schema);
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

  private void take(String argument, ListIterator<String> rest, SettingsSchema<?> schema) {
    int equals = argument.indexOf('=');
    String flag = equals < 0 ? argument : argument.substring(0, equals);
    Optional<SettingDescriptor> known =
        schema.entries().stream().filter(entry -> entry.flag().equals(flag)).findFirst();
    if (known.isEmpty()) {
      List<String> flags = schema.entries().stream().map(SettingDescriptor::flag).toList();
      faults.add(flag + ": unknown flag" + NameSuggestion.hint(flag, flags));
      skipValue(rest);
    } else if (known.get().setting().secret()) {
      faults.add(
          "%s: a secret must not be on the command line, which others can read; use %s"
              .formatted(flag, known.get().variable()));
    } else if (equals >= 0) {
      give(known.get(), argument.substring(equals + 1));
    } else if (known.get().type() == boolean.class) {
      give(known.get(), "true");
    } else if (rest.hasNext()) {
      give(known.get(), rest.next());
    } else {
      faults.add(flag + ": value missing");
    }
  }

  /** The word after an unknown flag is its value unless it is a flag itself. */
  private static void skipValue(ListIterator<String> rest) {
    if (rest.hasNext() && rest.next().startsWith("-")) {
      rest.previous();
    }
  }

  private void give(SettingDescriptor entry, String text) {
    if (values.put(entry.path(), new RawValue(text, entry.flag())) != null) {
      faults.add(entry.flag() + ": given twice; expected once");
    }
  }
}
