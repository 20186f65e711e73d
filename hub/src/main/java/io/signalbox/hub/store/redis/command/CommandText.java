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
 * are read back as they were. An item of the timeline has eight elements. The deadlines are in the
 * line alone, and so is the end of the last step's lease.
 *
 * @param place of the command, for the order of lists
 * @param token the idempotency key; empty for none
 */
record CommandText(long place, String token, Command command) {
  private static final int WORDS = 9;
  private static final int PROPERTIES = 8;
  private static final int STEP = 8;
  private static final String NONE = "-";

  /** The word of the line for a number. */
  static String word(@Nullable Long number) {
    return number == null ? NONE : number.toString();
  }

  /** What follows the line. */
  static String rest(Command command) {
    StringBuilder text = new StringBuilder(512).append('[');
    string(text, command.device());
    string(text, command.name());
    string(text, command.params());
    string(text, command.collapse());
    string(text, command.metadata());
    string(text, command.job());
    string(text, command.result());
    string(text, command.error());
    command.timeline().forEach(step -> step(text, step));
    text.setCharAt(text.length() - 1, ']');
    return text.toString();
  }

  private static void step(StringBuilder text, Step step) {
    Transport transport = step.transport();
    string(text, CommandKeys.word(step.state()));
    number(text, step.ts());
    string(text, step.node());
    number(text, step.session());
    string(text, transport == null ? null : CommandKeys.word(transport));
    string(text, step.by());
    string(text, step.reason());
    number(text, step.leaseExpires());
  }

  private static void string(StringBuilder text, @Nullable String value) {
    text.append(value == null ? "null" : Json.quoted(value)).append(',');
  }

  private static void number(StringBuilder text, @Nullable Long value) {
    text.append(value).append(',');
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
    List<Json> rest = array(id, text.substring(end + 1));
    Command command =
        new Command(
            id,
            required(rest.get(0)),
            required(rest.get(1)),
            required(rest.get(2)),
            Long.parseLong(line[3]),
            Long.parseLong(line[5]),
            Long.parseLong(line[4]),
            number(line[6]),
            string(rest.get(3)),
            string(rest.get(4)),
            string(rest.get(5)),
            string(rest.get(6)),
            string(rest.get(7)),
            timeline(rest, number(line[7])));
    String token = line[8].equals(NONE) ? "" : required(scalar(id, line[8]));
    return new CommandText(Long.parseLong(line[2]), token, command);
  }

  private static List<Step> timeline(List<Json> rest, @Nullable Long lease) {
    List<Step> steps = new ArrayList<>((rest.size() - PROPERTIES) / STEP);
    for (int at = PROPERTIES; at < rest.size(); at += STEP) {
      boolean last = at + STEP == rest.size();
      steps.add(step(rest.subList(at, at + STEP), last ? lease : integer(rest.get(at + 7))));
    }
    return List.copyOf(steps);
  }

  private static Step step(List<Json> item, @Nullable Long lease) {
    String transport = string(item.get(4));
    return new Step(
        State.valueOf(constant(required(item.get(0)))),
        Long.parseLong(item.get(1).toString()),
        required(item.get(2)),
        integer(item.get(3)),
        transport == null ? null : Transport.valueOf(constant(transport)),
        string(item.get(5)),
        string(item.get(6)),
        lease);
  }

  private static List<Json> array(String id, String text) {
    return scalar(id, text) instanceof JsonArray array ? array.elements() : List.of();
  }

  private static Json scalar(String id, String text) {
    try {
      return Json.parse(text);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException("command " + id + " is damaged in Redis", damaged);
    }
  }

  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  private static @Nullable Long number(String word) {
    return word.equals(NONE) ? null : (Long) Long.parseLong(word);
  }

  private static @Nullable Long integer(Json value) {
    return Json.NULL.equals(value) ? null : ((Scalar) value).integer();
  }

  private static @Nullable String string(Json value) {
    return Json.NULL.equals(value) ? null : required(value);
  }

  private static String required(Json value) {
    return ((Scalar) value).string();
  }
}
