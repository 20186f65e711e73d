package io.signalbox.hub.config;

import io.signalbox.cli.NameSuggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings from {@code SIGNALBOX_…} variables. An empty variable counts as not set, as in compose
 * files.
 */
final class EnvironmentSource {
  static final String PREFIX = "SIGNALBOX_";

  /** Variables of the launcher, the simulator and the console tests. */
  private static final Set<String> NOT_OURS =
      Set.of(
          "SIGNALBOX_CONFIG",
          "SIGNALBOX_API_KEY",
          "SIGNALBOX_JAVA_OPTS",
          "SIGNALBOX_URL",
          "SIGNALBOX_KEY");

  /** Variables that Kubernetes sets in every pod next to a service named "signalbox". */
  private static final Pattern SERVICE_LINKS =
      Pattern.compile("SIGNALBOX_(SERVICE_(HOST|PORT\\w*)|PORT(_\\d+_\\w+)?)");

  private final Map<String, RawValue> values = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private EnvironmentSource() {}

  static EnvironmentSource read(Map<String, String> variables, SettingsSchema<?> schema) {
    Map<String, SettingDescriptor> known = new TreeMap<>();
    schema.entries().forEach(entry -> known.put(entry.variable(), entry));
    EnvironmentSource environment = new EnvironmentSource();
    new TreeMap<>(variables).forEach((name, text) -> environment.take(name, text, known));
    return environment;
  }

  /** Values by setting path. */
  Map<String, RawValue> values() {
    return values;
  }

  List<String> faults() {
    return faults;
  }

  private void take(String name, String text, Map<String, SettingDescriptor> known) {
    SettingDescriptor entry = known.get(name);
    if (entry != null) {
      if (!text.isEmpty()) {
        values.put(entry.path(), new RawValue(text, name));
      }
    } else if (name.startsWith(PREFIX) && !foreign(name)) {
      faults.add(name + ": unknown setting" + NameSuggestion.hint(name, known.keySet()));
    }
  }

  private static boolean foreign(String name) {
    return NOT_OURS.contains(name) || SERVICE_LINKS.matcher(name).matches();
  }
}
