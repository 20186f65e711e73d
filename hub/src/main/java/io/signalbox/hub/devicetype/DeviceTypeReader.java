package io.signalbox.hub.devicetype;

import io.signalbox.hub.devicetype.DeviceType.CommandType;
import io.signalbox.hub.devicetype.DeviceType.Kind;
import io.signalbox.hub.devicetype.DeviceType.MetricType;
import io.signalbox.hub.devicetype.DeviceType.Range;
import io.signalbox.hub.devicetype.DeviceType.Risk;
import io.signalbox.hub.devicetype.DeviceType.Strictness;
import io.signalbox.hub.devicetype.DeviceType.Undo;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.PollingDefaults;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Strict reader of type documents: unknown members are faults, and all faults are found in one
 * pass. Schemas are taken as they are; {@link TypeRules} compiles them. One instance reads one
 * document, on one thread.
 */
final class DeviceTypeReader {
  /** Limit of a document, in characters of compact JSON. */
  static final int MAX_LENGTH = 128 * 1024;

  /** Limit of a device's description of itself; there may be many of them. */
  static final int MAX_DESCRIPTION_LENGTH = 64 * 1024;

  private static final int MAX_METRICS = 500;
  private static final int MAX_COMMANDS = 100;
  private static final int MAX_VALUES = 500;
  private static final int LABEL = 128;
  private static final int DESCRIPTION = 2_000;
  private static final int UNIT = 32;
  private static final int NAME = 128;
  private static final int DAY = 86_400;
  private static final double LONGEST_TTL = 30.0 * DAY;
  private static final double LONGEST_SILENCE = 366.0 * DAY;

  private static final String[] FIELDS = {
    "description", "metrics", "commands", "twin", "strict", "offlineAfter", "polling"
  };

  /** What a device may say of itself, in addition. */
  private static final String[] DESCRIPTION_FIELDS = {
    "description",
    "metrics",
    "commands",
    "twin",
    "strict",
    "offlineAfter",
    "polling",
    "firmware",
    "hardware",
    "serial"
  };

  private final List<Fault> faults;

  private DeviceTypeReader(List<Fault> faults) {
    this.faults = faults;
  }

  /**
   * Reads a document; {@code TOO_LARGE}.
   *
   * @param faults receives the faults; the result is meaningless if there are any
   */
  static DeviceType read(Json document, List<Fault> faults) {
    requireLength("the type", document, MAX_LENGTH);
    return new DeviceTypeReader(faults).type(DocumentFields.of("", document, faults, FIELDS));
  }

  /**
   * Reads a device's description of itself, which is like a type and may contain its versions and
   * serial number; {@code TOO_LARGE}.
   */
  static DeviceType readDescription(Json document, List<Fault> faults) {
    requireLength("the description", document, MAX_DESCRIPTION_LENGTH);
    DocumentFields fields = DocumentFields.of("", document, faults, DESCRIPTION_FIELDS);
    fields.text("firmware", NAME);
    fields.text("hardware", NAME);
    fields.text("serial", NAME);
    return new DeviceTypeReader(faults).type(fields);
  }

  /** Reads a merged document, which may be as large as both of its parts. */
  static DeviceType readMerged(Json document, List<Fault> faults) {
    DocumentFields fields = DocumentFields.of("", document, faults, DESCRIPTION_FIELDS);
    return new DeviceTypeReader(faults).type(fields);
  }

  private static void requireLength(String name, Json document, int most) {
    int length = document.toString().length();
    if (length > most) {
      throw new Refusal(
          ErrorCode.TOO_LARGE,
          "%s has %d characters as JSON; expected at most %d".formatted(name, length, most));
    }
  }

  private DeviceType type(DocumentFields fields) {
    Map<String, CommandType> commands = commands(fields);
    DocumentFields twin = fields.object("twin", "desired", "reported");
    return new DeviceType(
        fields.text("description", DESCRIPTION),
        metrics(fields),
        commands,
        twin == null ? null : twin.value("desired"),
        twin == null ? null : twin.value("reported"),
        Objects.requireNonNullElse(fields.constant("strict", Strictness.class), Strictness.ACCEPT),
        fields.seconds("offlineAfter", 1, LONGEST_SILENCE),
        polling(fields));
  }

  private Map<String, MetricType> metrics(DocumentFields fields) {
    return named("/metrics", fields.entries("metrics", MAX_METRICS), this::metric);
  }

  /** Reads the entries of a part of the document, whose members have free names. */
  private <T> Map<String, T> named(
      String part, Map<String, Json> entries, BiFunction<String, Json, T> reader) {
    Map<String, T> read = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) -> {
          String pointer = JsonPointer.child(part, name);
          checkName(pointer, name);
          read.put(name, reader.apply(pointer, entry));
        });
    return read;
  }

  private MetricType metric(String pointer, Json value) {
    DocumentFields metric =
        DocumentFields.of(
            pointer,
            value,
            faults,
            "label",
            "description",
            "unit",
            "kind",
            "decimals",
            "min",
            "max",
            "usualMin",
            "usualMax",
            "interval",
            "values");
    return new MetricType(
        metric.text("label", LABEL),
        metric.text("description", DESCRIPTION),
        metric.text("unit", UNIT),
        metric.constant("kind", Kind.class),
        metric.whole("decimals", 0, 15),
        range(metric, "min", "max"),
        range(metric, "usualMin", "usualMax"),
        metric.seconds("interval", 0.001, LONGEST_SILENCE),
        metric.texts("values", MAX_VALUES, LABEL));
  }

  private static Range range(DocumentFields fields, String lower, String upper) {
    Double min = fields.number(lower);
    Double max = fields.number(upper);
    if (min != null && max != null && min >= max) {
      fields.fault(upper, "must be above %s, which is %s, is %s".formatted(lower, min, max));
    }
    return new Range(min, max);
  }

  private Map<String, CommandType> commands(DocumentFields fields) {
    Map<String, Json> entries = fields.entries("commands", MAX_COMMANDS);
    return named("/commands", entries, (pointer, command) -> command(pointer, command, entries));
  }

  private CommandType command(String pointer, Json value, Map<String, Json> commands) {
    DocumentFields command =
        DocumentFields.of(
            pointer,
            value,
            faults,
            "label",
            "description",
            "params",
            "result",
            "ttl",
            "collapse",
            "risk",
            "undo",
            "reportedBy");
    return new CommandType(
        command.text("label", LABEL),
        command.text("description", DESCRIPTION),
        command.value("params"),
        command.value("result"),
        wholeSeconds(command, "ttl"),
        command.text("collapse", NAME),
        Objects.requireNonNullElse(command.constant("risk", Risk.class), Risk.NONE),
        undo(command, commands),
        reportedBy(command));
  }

  private static @Nullable Duration wholeSeconds(DocumentFields fields, String name) {
    Integer seconds = fields.whole(name, 1, (int) LONGEST_TTL);
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }

  private static @Nullable Undo undo(DocumentFields command, Map<String, Json> commands) {
    DocumentFields undo = command.object("undo", "name", "params");
    if (undo == null) {
      return null;
    }
    String name = undo.text("name", NAME);
    if (undo.value("name") == null) {
      undo.fault("name", "is missing; expected a command of this type");
    } else if (name != null && !commands.containsKey(name)) {
      undo.fault("name", "must be a command of this type, is " + Json.quoted(name));
    }
    Map<String, Json> params = undo.entries("params", NAME);
    return new Undo(String.valueOf(name), new Json.JsonObject(params));
  }

  private static Map<String, String> reportedBy(DocumentFields command) {
    if (command.value("reportedBy") instanceof Json.Scalar) {
      String place = command.text("reportedBy", NAME);
      checkPlace(command, "reportedBy", place);
      return place == null ? Map.of() : Map.of("", place);
    }
    Map<String, String> places = command.texts("reportedBy", NAME, NAME);
    places.values().forEach(place -> checkPlace(command, "reportedBy", place));
    return places;
  }

  private static void checkPlace(DocumentFields command, String name, @Nullable String place) {
    if (place == null || !place.startsWith("/")) {
      return;
    }
    boolean inTwin = place.startsWith("/reported/") || place.startsWith("/desired/");
    if (!inTwin || !JsonPointer.isPointer(place)) {
      command.fault(
          name,
          "must name a metric, or a place below /reported or /desired, is " + Json.quoted(place));
    }
  }

  private @Nullable PollingDefaults polling(DocumentFields fields) {
    DocumentFields polling =
        fields.object("polling", "pollCost", "minInterval", "maxInterval", "commandInterval");
    if (polling == null) {
      return null;
    }
    Duration min = polling.seconds("minInterval", 0.01, LONGEST_TTL);
    Duration max = polling.seconds("maxInterval", 0.01, LONGEST_TTL);
    if (min != null && max != null && max.compareTo(min) < 0) {
      polling.fault("maxInterval", "must not be below minInterval");
    }
    return new PollingDefaults(
        polling.number("pollCost", 0.001, 1_000_000),
        min,
        max,
        polling.seconds("commandInterval", 1, LONGEST_TTL));
  }

  private void checkName(String pointer, String name) {
    int length = name.codePointCount(0, name.length());
    if (length < 1 || length > NAME || name.codePoints().anyMatch(Character::isISOControl)) {
      faults.add(
          new Fault(pointer, "must have a name of 1 to %d printable characters".formatted(NAME)));
    }
  }
}
