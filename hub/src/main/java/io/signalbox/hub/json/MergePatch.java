package io.signalbox.hub.json;

import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merge patches (RFC 7396): application and creation. Arrays are replaced as a whole. */
public final class MergePatch {
  private static final JsonObject EMPTY = new JsonObject(Map.of());

  private MergePatch() {}

  /** Applies a patch: the algorithm of RFC 7396, section 2. */
  public static Json apply(Json target, Json patch) {
    if (!(patch instanceof JsonObject changes)) {
      return patch;
    }
    Map<String, Json> result = new LinkedHashMap<>();
    if (target instanceof JsonObject object) {
      result.putAll(object.members());
    }
    changes.members().forEach((name, change) -> applyTo(result, name, change));
    return new JsonObject(result);
  }

  private static void applyTo(Map<String, Json> result, String name, Json change) {
    if (change.equals(Json.NULL)) {
      result.remove(name);
    } else {
      result.put(name, apply(result.getOrDefault(name, Json.NULL), change));
    }
  }

  /**
   * The smallest patch that turns one object exactly into the other: {@code apply(before,
   * diff(before, after))} equals {@code after}. Neither may contain null as a member of an object.
   */
  public static JsonObject diff(JsonObject before, JsonObject after) {
    Map<String, Json> patch = new LinkedHashMap<>();
    for (String name : before.members().keySet()) {
      if (!after.members().containsKey(name)) {
        patch.put(name, Json.NULL);
      }
    }
    after
        .members()
        .forEach((name, wanted) -> put(patch, name, change(before.members().get(name), wanted)));
    return new JsonObject(patch);
  }

  private static @Nullable Json change(@Nullable Json present, Json wanted) {
    if (present instanceof JsonObject before && wanted instanceof JsonObject after) {
      JsonObject inner = diff(before, after);
      return inner.equals(EMPTY) ? null : inner;
    }
    return wanted.equals(present) ? null : wanted;
  }

  /**
   * The patch that would give {@code reported} all members of {@code desired}; empty if it has them
   * already. Members that only {@code reported} has are kept. Numbers are compared by value, not by
   * spelling.
   */
  public static JsonObject difference(JsonObject desired, JsonObject reported) {
    Map<String, Json> patch = new LinkedHashMap<>();
    desired
        .members()
        .forEach((name, wanted) -> put(patch, name, lacking(wanted, reported.members().get(name))));
    return new JsonObject(patch);
  }

  private static @Nullable Json lacking(Json wanted, @Nullable Json present) {
    if (wanted instanceof JsonObject inside && present instanceof JsonObject object) {
      JsonObject inner = difference(inside, object);
      return inner.equals(EMPTY) ? null : inner;
    }
    return same(wanted, present == null ? Json.NULL : present) ? null : wanted;
  }

  private static void put(Map<String, Json> patch, String name, @Nullable Json change) {
    if (change != null) {
      patch.put(name, change);
    }
  }

  private static boolean same(Json one, Json other) {
    return switch (one) {
      case Scalar scalar -> other instanceof Scalar second && sameScalar(scalar, second);
      case JsonArray array ->
          other instanceof JsonArray second && sameList(array.elements(), second.elements());
      case JsonObject object ->
          other instanceof JsonObject second && sameMap(object.members(), second.members());
    };
  }

  private static boolean sameList(List<Json> one, List<Json> other) {
    boolean same = one.size() == other.size();
    for (int i = 0; same && i < one.size(); i++) {
      same = same(one.get(i), other.get(i));
    }
    return same;
  }

  private static boolean sameMap(Map<String, Json> one, Map<String, Json> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(
                member -> same(member.getValue(), other.getOrDefault(member.getKey(), Json.NULL)));
  }

  private static boolean sameScalar(Scalar one, Scalar other) {
    boolean numbers = one.isNumber() && other.isNumber();
    return one.equals(other) || (numbers && sameNumber(one, other));
  }

  private static boolean sameNumber(Scalar one, Scalar other) {
    try {
      return new BigDecimal(one.text()).compareTo(new BigDecimal(other.text())) == 0;
    } catch (NumberFormatException beyondAllExponents) {
      return false;
    }
  }
}
