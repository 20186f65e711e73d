package io.signalbox.hub.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Query parameters of a request. Errors name the parameter. */
public final class QueryParams {
  private static final int MOST = 1_000;

  private final Map<String, List<String>> parameters;

  private QueryParams(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /** Parses the query of a URI. Throws if it is malformed or has a parameter that is not known. */
  public static QueryParams of(String uri, Set<String> known) {
    Map<String, List<String>> parameters = parameters(uri);
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw invalid(name, "unknown query parameter '" + name + "'; " + expected(known));
      }
    }
    return new QueryParams(parameters);
  }

  private static String expected(Set<String> known) {
    return known.isEmpty()
        ? "none is allowed"
        : "allowed: " + known.stream().sorted().collect(Collectors.joining(", "));
  }

  private static Map<String, List<String>> parameters(String uri) {
    PercentEncoding.requireUtf8(uri);
    try {
      return new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MOST, true).parameters();
    } catch (IllegalArgumentException unreadable) {
      throw new Refusal(
          ErrorCode.MALFORMED, "the query of the request is malformed: " + unreadable.getMessage());
    }
  }

  /** The value; null if it is missing or empty. */
  public @Nullable String text(String name) {
    List<String> values = all(name);
    if (values.size() > 1) {
      throw invalid(name, name + " must be given only once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** The last non-empty value among these parameters; null if there is none. */
  public @Nullable String last(Set<String> names) {
    String last = null;
    for (String name : parameters.keySet()) {
      List<String> values = names.contains(name) ? all(name) : List.of();
      last = values.isEmpty() ? last : values.getLast();
    }
    return last;
  }

  /** Whether the parameter is present, even without a value. */
  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  /** All non-empty values, in order. */
  public List<String> all(String name) {
    return parameters.getOrDefault(name, List.of()).stream()
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** An integer within bounds; null if it is missing. */
  public @Nullable Integer number(String name, int min, int max) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Reported below.
    }
    throw invalid(name, name + " must be a whole number from " + min + " to " + max);
  }

  /** The same with a default. */
  public int number(String name, int min, int max, int otherwise) {
    Integer number = number(name, min, max);
    return number == null ? otherwise : number;
  }

  /** Unix milliseconds; null if it is missing. */
  public @Nullable Long instant(String name) {
    String text = text(name);
    return text == null ? null : InstantParser.parse(name, text);
  }

  /** A constant of an enum, by its name in lower case; null if it is missing. */
  public <E extends Enum<E>> @Nullable E one(String name, Class<E> type) {
    String text = text(name);
    return text == null ? null : constant(name, text, type);
  }

  /** The constants of all values; a value may hold several, separated by commas. */
  public <E extends Enum<E>> Set<E> some(String name, Class<E> type) {
    return all(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(value -> constant(name, value, type))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(type)));
  }

  /** The constant with that name in lower case. Throws INVALID with the field for other texts. */
  public static <E extends Enum<E>> E constant(String field, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(text)) {
        return constant;
      }
    }
    String known =
        String.join(", ", Arrays.stream(type.getEnumConstants()).map(QueryParams::word).toList());
    throw invalid(field, field + " must be one of " + known);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** An INVALID refusal of a parameter. */
  public static Refusal invalid(String parameter, String detail) {
    return new Refusal(ErrorCode.INVALID, parameter, detail);
  }
}
