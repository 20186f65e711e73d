package io.signalbox.hub.config;

import java.util.List;
import java.util.stream.Collectors;

/** Reference of all settings: tables for the documentation. */
public final class SettingsReference {
  private final SettingsSchema<?> schema;

  private SettingsReference(SettingsSchema<?> schema) {
    this.schema = schema;
  }

  /** The reference of a settings record. */
  public static SettingsReference of(Class<? extends Record> type) {
    return new SettingsReference(SettingsSchema.of(type));
  }

  /** A Markdown table per section. */
  public String markdown() {
    return sections().stream().map(this::markdown).collect(Collectors.joining("\n"));
  }

  static String sectionOf(SettingDescriptor entry) {
    int dot = entry.path().lastIndexOf('.');
    return dot < 0 ? "" : entry.path().substring(0, dot);
  }

  static String nameOf(SettingDescriptor entry) {
    return entry.path().substring(entry.path().lastIndexOf('.') + 1);
  }

  private List<String> sections() {
    return schema.entries().stream().map(SettingsReference::sectionOf).distinct().toList();
  }

  private List<SettingDescriptor> entriesOf(String section) {
    return schema.entries().stream().filter(entry -> sectionOf(entry).equals(section)).toList();
  }

  private String markdown(String section) {
    String title = section.isEmpty() ? "## The hub" : "## `%s`".formatted(section);
    String doc = schema.docOf(section);
    String rows =
        entriesOf(section).stream().map(SettingsReference::row).collect(Collectors.joining("\n"));
    return """
        %s
        %s
        | setting | default | allowed | meaning |
        | --- | --- | --- | --- |
        %s
        """
        .formatted(title, doc.isEmpty() ? "" : "\n" + doc + "\n", rows);
  }

  private static String row(SettingDescriptor entry) {
    Setting setting = entry.setting();
    String flag = setting.secret() ? "" : "<br>`%s`".formatted(entry.flag());
    String byDefault = setting.value().isEmpty() ? "none" : "`%s`".formatted(setting.value());
    String allowed =
        setting.range().isEmpty() && setting.pattern().isEmpty()
            ? entry.allowed()
            : "`%s`".formatted(entry.allowed());
    return "| `%s`%s<br>`%s` | %s | %s | %s |"
        .formatted(
            entry.path(),
            flag,
            entry.variable(),
            byDefault,
            allowed.replace("|", "\\|"),
            setting.doc());
  }
}
