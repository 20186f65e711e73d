package io.signalbox.hub.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query parameters of a call. Every fault is refused by the parameter's name. */
public final class QueryParams {
  private static final int MOST = 1_000;

  private final Map<String, List<String>> parameters;

  private QueryParams(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /** Reads the query of a URI; refuses one that cannot be read, or a parameter not known. */
  public static QueryParams of(String uri, Set<String> known) {
    Map<String, List<String>> parameters = parameters(uri);
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw invalid(name, "there is no query parameter '" + name + "' here");
      }
    }
    return new QueryParams(parameters);
  }

  private static Map<String, List<String>> parameters(String uri) {
    PercentEncoding.requireUtf8(uri);
    try {
      return new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MOST, true).parameters();
    } catch (IllegalArgumentException unreadable) {
      throw new Refusal(
          ErrorCode.MALFORMED,
          "the query of the request cannot be read: " + unreadable.getMessage());
    }
  }

  /** The value; null when it is missing or empty. */
  public @Nullable String text(String name) {
    List<String> values = all(name);
    if (values.size() > 1) {
      throw invalid(name, name + " may stand only once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** The last value, of whichever of these stands last; null when all are missing or empty. */
  public @Nullable String last(Set<String> names) {
    String last = null;
    for (String name : parameters.keySet()) {
      List<String> values = names.contains(name) ? all(name) : List.of();
      last = values.isEmpty() ? last : values.getLast();
    }
    return last;
  }

  /** Whether the parameter stands there, be it without a value. */
  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  /** Every value that is not empty, in order. */
  public List<String> all(String name) {
    return parameters.getOrDefault(name, List.of()).stream()
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** A whole number within bounds; null when it is missing. */
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
      // Said below.
    }
    throw invalid(name, name + " must be a whole number from " + min + " to " + max);
  }

  /** The same with a value for when it is missing. */
  public int number(String name, int min, int max, int otherwise) {
    Integer number = number(name, min, max);
    return number == null ? otherwise : number;
  }

  /** Unix milliseconds; null when it is missing. */
  public @Nullable Long instant(String name) {
    String text = text(name);
    return text == null ? null : InstantParser.parse(name, text);
  }

  /** One of an enum's constants by its name in lower case; null when it is missing. */
  public <E extends Enum<E>> @Nullable E one(String name, Class<E> type) {
    String text = text(name);
    return text == null ? null : constant(name, text, type);
  }

  /** The constants of every value, which may also hold several with commas between. */
  public <E extends Enum<E>> List<E> some(String name, Class<E> type) {
    return all(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(value -> constant(name, value, type))
        .toList();
  }

  /** The constant of that name in lower case; refuses any other text by the field. */
  public static <E extends Enum<E>> E constant(String field, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
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

  /** The refusal of a parameter. */
  public static Refusal invalid(String parameter, String detail) {
    return new Refusal(ErrorCode.INVALID, parameter, detail);
  }
}
