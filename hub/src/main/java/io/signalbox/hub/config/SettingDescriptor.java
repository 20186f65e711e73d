package io.signalbox.hub.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A setting with its path.
 *
 * @param path such as {@code gateway.heartbeatSeconds}: the name in messages and in the file
 */
record SettingDescriptor(String path, Class<?> type, Setting setting) {
  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

  /** The flag, such as {@code --gateway-heartbeat-seconds}. */
  String flag() {
    return "--" + kebab();
  }

  /** The variable, such as {@code SIGNALBOX_GATEWAY_HEARTBEAT_SECONDS}. */
  String variable() {
    return EnvironmentSource.PREFIX + kebab().replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Description of the allowed values. */
  String allowed() {
    if (!setting.range().isEmpty()) {
      return setting.range();
    }
    return setting.pattern().isEmpty() ? ValueParser.describe(type) : setting.pattern();
  }

  /** Parses and checks a value; throws {@code IllegalArgumentException} with the fault. */
  Object read(RawValue given) {
    Object value;
    try {
      value = ValueParser.read(type, given.text());
    } catch (IllegalArgumentException wrong) {
      throw ValueParser.isList(type)
          ? new IllegalArgumentException(
              "%s: %s (from %s)".formatted(path, wrong.getMessage(), given.origin()))
          : refused(given, ValueParser.describe(type) + range(" in "));
    }
    if (!setting.range().isEmpty() && !ValueParser.within(setting.range(), type, value)) {
      throw refused(given, "in " + setting.range());
    }
    if (!setting.pattern().isEmpty() && !given.text().matches(setting.pattern())) {
      throw refused(given, "of the form " + setting.pattern());
    }
    return value;
  }

  private IllegalArgumentException refused(RawValue given, String wanted) {
    String text = given.text().isEmpty() ? "''" : given.text();
    String shown = setting.secret() ? "the given value" : text;
    String one = type.isEnum() || type == boolean.class ? "one of " : "";
    return new IllegalArgumentException(
        "%s: %s is not %s%s (from %s)".formatted(path, shown, one, wanted, given.origin()));
  }

  private String range(String before) {
    return setting.range().isEmpty() ? "" : before + setting.range();
  }

  private String kebab() {
    String dashed = path.replace('.', '-');
    return HUMP.matcher(dashed).replaceAll("$1-$2").toLowerCase(Locale.ROOT);
  }
}
