package io.signalbox.hub.store.redis.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A command as it is stored: a line with what scripts read and change, which {@code command.lua}
 * describes, then a JSON array with the rest. JSON parts of the command are strings in it, so they
 * are read back as they were. Nulls at the end of an array are omitted. The deadlines are in the
 * line alone; the end of the last step's lease is taken from there, too.
 *
 * @param place of the command, for the order of lists
 * @param token the idempotency key; empty for none
 */
record CommandText(long place, String token, Command command) {
  private static final int WORDS = 9;
  private static final String NONE = "-";
  private static final String NULL = "null";

  /** The word of the line for a number. */
  static String word(@Nullable Long number) {
    return number == null ? NONE : number.toString();
  }

  /** What follows the line. */
  static String rest(Command command) {
    List<String> timeline = new ArrayList<>(command.timeline().size());
    command.timeline().forEach(step -> timeline.add(step(step)));
    return array(
        json(command.device()),
        json(command.name()),
        json(command.params()),
        "[" + String.join(",", timeline) + "]",
        json(command.result()),
        json(command.error()),
        json(command.job()),
        json(command.collapse()),
        json(command.metadata()));
  }

  private static String step(Step step) {
    Transport transport = step.transport();
    return array(
        json(CommandKeys.word(step.state())),
        json(step.ts()),
        json(step.node()),
        json(step.by()),
        json(step.session()),
        json(transport == null ? null : CommandKeys.word(transport)),
        json(step.reason()),
        json(step.leaseExpires()));
  }

  private static String json(@Nullable String text) {
    return text == null ? NULL : Json.quoted(text);
  }

  private static String json(@Nullable Long number) {
    return number == null ? NULL : number.toString();
  }

  /** An array without the nulls at its end. */
  private static String array(String... elements) {
    int length = elements.length;
    while (elements[length - 1].equals(NULL)) {
      length--;
    }
    StringBuilder text = new StringBuilder(256).append('[');
    for (int i = 0; i < length; i++) {
      text.append(elements[i]).append(i == length - 1 ? ']' : ',');
    }
    return text.toString();
  }

  /** The state in the line. */
  static State state(String text) {
    int begin = text.indexOf(' ') + 1;
    return State.valueOf(constant(text.substring(begin, text.indexOf(' ', begin))));
  }

  /** Reads a stored command. */
  static CommandText read(String id, String text) {
    int end = text.indexOf('\n');
    String[] line = text.substring(0, end).split(" ", WORDS);
    List<Json> rest = elements(parse(id, text.substring(end + 1)));
    Command command =
        new Command(
            id,
            text(rest, 0),
            text(rest, 1),
            text(rest, 2),
            Long.parseLong(line[3]),
            Long.parseLong(line[5]),
            Long.parseLong(line[4]),
            number(line[6]),
            optional(rest, 7),
            optional(rest, 8),
            optional(rest, 6),
            optional(rest, 4),
            optional(rest, 5),
            timeline(elements(rest.get(3)), number(line[7])));
    String token = line[8].equals(NONE) ? "" : text(List.of(parse(id, line[8])), 0);
    return new CommandText(Long.parseLong(line[2]), token, command);
  }

  private static List<Step> timeline(List<Json> items, @Nullable Long lease) {
    List<Step> steps = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      List<Json> item = elements(items.get(i));
      steps.add(step(item, i == items.size() - 1 ? lease : integer(item, 7)));
    }
    return List.copyOf(steps);
  }

  private static Step step(List<Json> item, @Nullable Long lease) {
    String transport = optional(item, 5);
    return new Step(
        State.valueOf(constant(text(item, 0))),
        Long.parseLong(item.get(1).toString()),
        text(item, 2),
        integer(item, 4),
        transport == null ? null : Transport.valueOf(constant(transport)),
        optional(item, 3),
        optional(item, 6),
        lease);
  }

  private static Json parse(String id, String text) {
    try {
      return Json.parse(text);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("command " + id + " is damaged in Redis", damaged);
    }
  }

  private static List<Json> elements(Json array) {
    return ((JsonArray) array).elements();
  }

  private static boolean has(List<Json> array, int at) {
    return at < array.size() && !array.get(at).equals(Json.NULL);
  }

  private static String text(List<Json> array, int at) {
    return ((Scalar) array.get(at)).string();
  }

  private static @Nullable String optional(List<Json> array, int at) {
    return has(array, at) ? text(array, at) : null;
  }

  private static @Nullable Long integer(List<Json> array, int at) {
    return has(array, at) ? ((Scalar) array.get(at)).integer() : null;
  }

  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  private static @Nullable Long number(String word) {
    return word.equals(NONE) ? null : (Long) Long.parseLong(word);
  }
}
