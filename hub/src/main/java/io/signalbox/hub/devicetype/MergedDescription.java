package io.signalbox.hub.devicetype;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a device: its type's definition, completed by what the device says of itself.
 * Metrics and commands are merged member by member, and the type wins; schemas, labels of values
 * and other members are taken whole from one of them.
 *
 * @param document the merged document
 * @param differences where the device says something else than its type
 */
public record MergedDescription(JsonObject document, List<Difference> differences) {
  private static final JsonObject NONE = new JsonObject(Map.of());

  /** Bounds of one range: if the type has one of them, the device's other one is not taken. */
  private static final Map<String, String> PAIRS =
      Map.of(
          "min", "max",
          "max", "min",
          "usualMin", "usualMax",
          "usualMax", "usualMin",
          "minInterval", "maxInterval",
          "maxInterval", "minInterval");

  /**
   * A place that the type and the device describe differently.
   *
   * @param pointer JSON Pointer to the place in both documents
   * @param type the type's value, which holds
   * @param device the device's value
   */
  public record Difference(String pointer, Json type, Json device) {}

  /** How deep in a document an object is. */
  private enum Level {
    DOCUMENT,
    ENTRIES,
    MEMBERS;

    /** The level of a member that is merged; null if it is taken whole. */
    @Nullable Level below(String member) {
      return switch (this) {
        case DOCUMENT ->
            switch (member) {
              case "metrics", "commands" -> ENTRIES;
              case "twin", "polling" -> MEMBERS;
              default -> null;
            };
        case ENTRIES -> MEMBERS;
        case MEMBERS -> null;
      };
    }
  }

  /** Merges the definition of a type with a device's description; either may be missing. */
  public static MergedDescription of(@Nullable Json type, @Nullable Json device) {
    List<Difference> differences = new ArrayList<>();
    JsonObject merged = merge("", object(type), object(device), Level.DOCUMENT, differences);
    return new MergedDescription(merged, List.copyOf(differences));
  }

  /** The same with units for metrics that have none. */
  public MergedDescription withUnits(Map<String, String> units) {
    if (units.isEmpty()) {
      return this;
    }
    Map<String, Json> metrics =
        new LinkedHashMap<>(object(document.members().get("metrics")).members());
    new TreeMap<>(units)
        .forEach(
            (metric, unit) -> {
              Map<String, Json> members = new LinkedHashMap<>();
              members.putAll(object(metrics.get(metric)).members());
              members.putIfAbsent("unit", new Json.Scalar(Json.quoted(unit)));
              metrics.put(metric, new JsonObject(members));
            });
    Map<String, Json> all = new LinkedHashMap<>(document.members());
    all.put("metrics", new JsonObject(metrics));
    return new MergedDescription(new JsonObject(all), differences);
  }

  private static JsonObject object(@Nullable Json document) {
    return document instanceof JsonObject object ? object : NONE;
  }

  private static JsonObject merge(
      String pointer, JsonObject type, JsonObject device, Level level, List<Difference> found) {
    Map<String, Json> merged = new LinkedHashMap<>(type.members());
    device
        .members()
        .forEach(
            (name, said) -> {
              Json holds = type.members().get(name);
              String place = JsonPointer.child(pointer, name);
              Level below = level.below(name);
              if (holds == null) {
                if (level != Level.MEMBERS || !hasPartner(type, name)) {
                  merged.put(name, said);
                }
              } else if (below != null
                  && holds instanceof JsonObject its
                  && said instanceof JsonObject other) {
                merged.put(name, merge(place, its, other, below, found));
              } else if (!holds.equals(said)) {
                found.add(new Difference(place, holds, said));
              }
            });
    return new JsonObject(merged);
  }

  private static boolean hasPartner(JsonObject type, String name) {
    String partner = PAIRS.get(name);
    return partner != null && type.members().containsKey(partner);
  }
}
