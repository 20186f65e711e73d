package io.signalbox.hub.devicetype;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one object of a document. A member that does not fit adds a fault with its
 * pointer and is read as missing, so that one pass finds all faults.
 */
final class DocumentFields {
  private final String pointer;
  private final Map<String, Json> members;
  private final List<Fault> faults;

  private DocumentFields(String pointer, Map<String, Json> members, List<Fault> faults) {
    this.pointer = pointer;
    this.members = members;
    this.faults = faults;
  }

  /**
   * The fields of a value, which should be an object.
   *
   * @param faults receives the faults
   * @param known the allowed names; none for any
   */
  static DocumentFields of(String pointer, Json value, List<Fault> faults, String... known) {
    if (!(value instanceof JsonObject object)) {
      DocumentFields none = new DocumentFields(pointer, Map.of(), faults);
      none.fault("must be an object, is " + Json.brief(value));
      return none;
    }
    DocumentFields fields = new DocumentFields(pointer, object.members(), faults);
    Set<String> allowed = Set.of(known);
    for (String name : object.members().keySet()) {
      if (known.length > 0 && !allowed.contains(name)) {
        fields.fault(name, "is unknown; expected " + String.join(", ", known));
      }
    }
    return fields;
  }

  /** The pointer of a member. */
  String pointer(String name) {
    return JsonPointer.child(pointer, name);
  }

  /** Any value; null if it is missing. */
  @Nullable Json value(String name) {
    return members.get(name);
  }

  /** A string of 1 to {@code most} characters without control characters, besides line breaks. */
  @Nullable String text(String name, int most) {
    Json value = members.get(name);
    return value == null ? null : text(name, value, most);
  }

  private @Nullable String text(String name, Json value, int most) {
    if (!(value instanceof Scalar scalar && scalar.isString())) {
      fault(name, "must be a string, is " + Json.brief(value));
      return null;
    }
    String text = scalar.string();
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > most) {
      fault(name, "must have 1 to %d characters, has %d".formatted(most, length));
      return null;
    }
    if (text.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
      fault(name, "must not contain control characters");
      return null;
    }
    return text;
  }

  /** A finite number. */
  @Nullable Double number(String name) {
    Json value = members.get(name);
    if (value == null) {
      return null;
    }
    double number =
        value instanceof Scalar scalar && scalar.isNumber() ? parsed(scalar) : Double.NaN;
    if (Double.isFinite(number)) {
      return number;
    }
    fault(name, "must be a number, is " + Json.brief(value));
    return null;
  }

  private static double parsed(Scalar scalar) {
    return Double.parseDouble(scalar.text());
  }

  /** A number within bounds. */
  @Nullable Double number(String name, double min, double max) {
    Double number = number(name);
    if (number != null && (number < min || number > max)) {
      fault(name, "must be from %s to %s, is %s".formatted(plain(min), plain(max), shown(name)));
      return null;
    }
    return number;
  }

  /** A whole number within bounds. */
  @Nullable Integer whole(String name, int min, int max) {
    Double number = number(name, min, max);
    if (number != null && number != Math.rint(number)) {
      fault(name, "must be a whole number, is " + shown(name));
      return null;
    }
    return number == null ? null : (Integer) number.intValue();
  }

  /** A duration in seconds, which may have a fraction. */
  @Nullable Duration seconds(String name, double min, double max) {
    Double seconds = number(name, min, max);
    return seconds == null ? null : Duration.ofMillis(Math.round(seconds * 1_000));
  }

  /** A constant by its name in lower case. */
  <E extends Enum<E>> @Nullable E constant(String name, Class<E> type) {
    Json value = members.get(name);
    if (value == null) {
      return null;
    }
    String word = value instanceof Scalar scalar && scalar.isString() ? scalar.string() : "";
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(word)) {
        return constant;
      }
    }
    String words =
        Arrays.stream(type.getEnumConstants())
            .map(DocumentFields::word)
            .collect(Collectors.joining(", "));
    fault(name, "must be one of " + words + ", is " + Json.brief(value));
    return null;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The members of an object of anything; empty if it is missing. */
  Map<String, Json> entries(String name, int most) {
    Json value = members.get(name);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof JsonObject object)) {
      fault(name, "must be an object, is " + Json.brief(value));
      return Map.of();
    }
    if (object.members().size() > most) {
      fault(name, "must have at most %d members, has %d".formatted(most, object.members().size()));
      return Map.of();
    }
    return object.members();
  }

  /** An object of strings; empty if it is missing. */
  Map<String, String> texts(String name, int members, int most) {
    Map<String, Json> entries = entries(name, members);
    DocumentFields inner = new DocumentFields(pointer(name), entries, faults);
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : entries.keySet()) {
      String text = inner.text(key, most);
      if (text != null) {
        texts.put(key, text);
      }
    }
    return texts;
  }

  /** The fields of a member object; null if it is missing. */
  @Nullable DocumentFields object(String name, String... known) {
    Json value = members.get(name);
    return value == null ? null : of(pointer(name), value, faults, known);
  }

  /** Adds a fault of a member. */
  void fault(String name, String detail) {
    add(pointer(name), detail);
  }

  private void fault(String detail) {
    add(pointer, detail);
  }

  private void add(String place, String detail) {
    if (faults.size() < Fault.MAX_REPORTED) {
      faults.add(new Fault(place, detail));
    }
  }

  private String shown(String name) {
    Json value = members.get(name);
    return value == null ? "missing" : Json.brief(value);
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
