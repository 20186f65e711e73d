package io.signalbox.hub.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Schema of a settings record: its settings and those of nested records, in order. */
final class SettingsSchema<T extends Record> {
  private final Class<T> type;
  private final List<SettingDescriptor> entries;

  private SettingsSchema(Class<T> type, List<SettingDescriptor> entries) {
    this.type = type;
    this.entries = entries;
  }

  static <T extends Record> SettingsSchema<T> of(Class<T> type) {
    return new SettingsSchema<>(type, entriesOf(type, "").toList());
  }

  List<SettingDescriptor> entries() {
    return entries;
  }

  Optional<SettingDescriptor> at(String path) {
    return entries.stream().filter(entry -> entry.path().equals(path)).findFirst();
  }

  /** The description of a section, by its name. */
  String docOf(String section) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.getName().equals(section))
        .findFirst()
        .map(component -> settingOf(component).doc())
        .orElse("");
  }

  /** Creates the record; faults found by nested records are added, and null is returned. */
  @Nullable T make(Map<String, Object> values, List<String> faults) {
    return make(type, "", values, faults);
  }

  private static Stream<SettingDescriptor> entriesOf(Class<?> type, String prefix) {
    return Arrays.stream(type.getRecordComponents()).flatMap(each -> entriesOf(each, prefix));
  }

  private static Stream<SettingDescriptor> entriesOf(RecordComponent component, String prefix) {
    String path = prefix + component.getName();
    return component.getType().isRecord()
        ? entriesOf(component.getType(), path + ".")
        : Stream.of(new SettingDescriptor(path, component.getType(), settingOf(component)));
  }

  private static Setting settingOf(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(component + " of a settings record has no @Setting");
    }
    return setting;
  }

  private static <R> @Nullable R make(
      Class<R> type, String prefix, Map<String, Object> values, List<String> faults) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + component.getName();
      arguments.add(
          component.getType().isRecord()
              ? make(component.getType(), path + ".", values, faults)
              : values.get(path));
    }
    return faults.isEmpty() ? construct(type, prefix, arguments, faults) : null;
  }

  private static <R> @Nullable R construct(
      Class<R> type, String prefix, List<@Nullable Object> arguments, List<String> faults) {
    try {
      return canonical(type).newInstance(arguments.toArray());
    } catch (InvocationTargetException refused) {
      // A record's constructor checks rules that a single range cannot express.
      Throwable why = refused.getCause();
      faults.add(prefix.replaceFirst("\\.$", ": ") + (why == null ? refused : why.getMessage()));
      return null;
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type + " must be public", impossible);
    }
  }

  private static <R> Constructor<R> canonical(Class<R> type) throws NoSuchMethodException {
    RecordComponent[] components = type.getRecordComponents();
    return type.getConstructor(
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
  }
}
