package io.signalbox.hub.store.redis.recorder;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An entry as a JSON array: kind, code, first time, difference of the last time, count, text, node,
 * session, transport, address, command; without nulls at the end. {@code append.lua} merges such
 * texts.
 */
final class RecorderEntryText {
  private static final Map<String, Kind> KINDS = byWord(Kind.values());
  private static final Map<String, Transport> TRANSPORTS = byWord(Transport.values());

  private RecorderEntryText() {}

  /** The start of the text up to the first time: repetitions have the same one. */
  static String head(RecorderEntry entry) {
    return "[" + Json.quoted(word(entry.kind())) + ',' + Json.quoted(entry.code()) + ',';
  }

  /** The text after the count. */
  static String tail(RecorderEntry entry) {
    ConnectionInfo connection = entry.connection();
    Transport transport = connection.transport();
    String tail =
        ","
            + Json.quoted(entry.text())
            + ','
            + Json.quoted(entry.node())
            + ','
            + connection.session()
            + ','
            + quoted(transport == null ? null : word(transport))
            + ','
            + quoted(connection.address())
            + ','
            + quoted(entry.command());
    int end = tail.length();
    while (tail.startsWith(",null", end - 5)) {
      end -= 5;
    }
    return tail.substring(0, end) + ']';
  }

  /** The entry of a text; empty for a kind that only a newer version of the hub knows. */
  static Optional<RecorderEntry> read(String device, String text) {
    List<Json> parts = parts(device, text);
    Kind kind = KINDS.get(string(parts, 0));
    if (kind == null) {
      return Optional.empty();
    }
    long ts = number(parts, 2);
    return Optional.of(
        new RecorderEntry(
            device,
            ts,
            kind,
            string(parts, 1),
            string(parts, 5),
            new ConnectionInfo(
                parts.size() > 7 ? ((Scalar) parts.get(7)).integer() : null,
                TRANSPORTS.get(string(parts, 8)),
                stringOrNull(parts, 9)),
            stringOrNull(parts, 10),
            string(parts, 6),
            (int) Math.min(number(parts, 4), Integer.MAX_VALUE),
            ts + number(parts, 3)));
  }

  private static List<Json> parts(String device, String text) {
    try {
      return ((JsonArray) Json.parse(text)).elements();
    } catch (JsonProcessingException | ClassCastException damaged) {
      throw new IllegalStateException("recorder entry of " + device + " is damaged", damaged);
    }
  }

  private static long number(List<Json> parts, int at) {
    return Long.parseLong(string(parts, at));
  }

  private static String string(List<Json> parts, int at) {
    String text = stringOrNull(parts, at);
    return text == null ? "" : text;
  }

  private static @Nullable String stringOrNull(List<Json> parts, int at) {
    return parts.size() <= at || parts.get(at).equals(Json.NULL)
        ? null
        : ((Scalar) parts.get(at)).string();
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : Json.quoted(text);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> Map<String, E> byWord(E[] constants) {
    return Arrays.stream(constants)
        .collect(Collectors.toUnmodifiableMap(RecorderEntryText::word, Function.identity()));
  }
}
