package io.signalbox.hub.config;

import java.util.List;
import java.util.stream.Collectors;

/** The settings described: help for the terminal and tables for the documentation. */
public final class Reference {
  private final Schema<?> schema;

  private Reference(Schema<?> schema) {
    this.schema = schema;
  }

  /** The reference of a settings record. */
  public static Reference of(Class<? extends Record> type) {
    return new Reference(Schema.of(type));
  }

  /** Every flag with what it is, what is allowed and the default. */
  public String help() {
    StringBuilder text = new StringBuilder();
    for (String room : rooms()) {
      text.append(room.isEmpty() ? "" : "\n%s: %s\n".formatted(room, schema.docOf(room)));
      entriesOf(room).forEach(entry -> text.append(help(entry)));
    }
    return text.toString();
  }

  /** A Markdown table for each room. */
  public String markdown() {
    return rooms().stream().map(this::markdown).collect(Collectors.joining("\n"));
  }

  static String roomOf(Entry entry) {
    int dot = entry.path().lastIndexOf('.');
    return dot < 0 ? "" : entry.path().substring(0, dot);
  }

  static String nameOf(Entry entry) {
    return entry.path().substring(entry.path().lastIndexOf('.') + 1);
  }

  private List<String> rooms() {
    return schema.entries().stream().map(Reference::roomOf).distinct().toList();
  }

  private List<Entry> entriesOf(String room) {
    return schema.entries().stream().filter(entry -> roomOf(entry).equals(room)).toList();
  }

  private static String help(Entry entry) {
    String how = entry.setting().secret() ? entry.variable() : entry.flag();
    String byDefault = entry.setting().value();
    String told =
        "%s (%s%s)"
            .formatted(
                entry.setting().doc(),
                entry.allowed(),
                byDefault.isEmpty() ? "" : "; default " + byDefault);
    return "  %s\n%s\n".formatted(how, wrapped(told));
  }

  /** Words in lines of at most 80 characters, indented. */
  private static String wrapped(String text) {
    StringBuilder lines = new StringBuilder("     ");
    int column = 5;
    for (String word : text.split(" ", -1)) {
      if (column + word.length() + 1 > 80) {
        lines.append("\n     ");
        column = 5;
      }
      lines.append(' ').append(word);
      column += word.length() + 1;
    }
    return lines.toString();
  }

  private String markdown(String room) {
    String title = room.isEmpty() ? "## The hub" : "## `%s`".formatted(room);
    String doc = schema.docOf(room);
    String rows = entriesOf(room).stream().map(Reference::row).collect(Collectors.joining("\n"));
    return """
        %s
        %s
        | setting | default | allowed | meaning |
        | --- | --- | --- | --- |
        %s
        """
        .formatted(title, doc.isEmpty() ? "" : "\n" + doc + "\n", rows);
  }

  private static String row(Entry entry) {
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
