package io.signalbox.hub.wire;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the commands that collectd's {@code write_http} sends: {@code PUTVAL
 * host/plugin-instance/type-instance interval=10 time:value:value}, one a line. A command does not
 * name its data sources: where there are several they are numbered from 0. Refusals name the line
 * and the column. Made for one payload, used by one thread.
 */
final class PutvalDecoder {
  private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\" ]++)");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,4})?");
  private static final int LONGEST_NUMBER = 100;

  private final String text;
  private final MessageContext sender;
  private final TimestampParser timestamps;
  private final PayloadLimits limits;
  private final List<Reading> readings = new ArrayList<>();
  private int skipped;
  private int line;

  private PutvalDecoder(
      Frame body, MessageContext sender, TimestampParser timestamps, PayloadLimits limits) {
    this.text = new String(body.bytes(), body.offset(), body.length(), StandardCharsets.UTF_8);
    this.sender = sender;
    this.timestamps = timestamps;
    this.limits = limits;
  }

  /** The readings of a body whose text is UTF-8. */
  static TelemetryPayload read(
      Frame body, MessageContext sender, TimestampParser timestamps, PayloadLimits limits) {
    PutvalDecoder reader = new PutvalDecoder(body, sender, timestamps, limits);
    reader.text.lines().forEach(reader::line);
    return new TelemetryPayload(reader.readings, reader.skipped);
  }

  private void line(String content) {
    line++;
    if (!content.isBlank()) {
      command(content);
    }
  }

  private void command(String content) {
    Matcher word = WORD.matcher(content);
    if (!word.find() || word.start() > 0 || !word.group().equalsIgnoreCase("PUTVAL")) {
      throw wrong(1, ErrorCode.INVALID, "expected was PUTVAL");
    }
    if (!word.find()) {
      throw wrong(content.length(), ErrorCode.INVALID, "the identifier is missing");
    }
    String metric = metric(unquoted(word), column(word));
    int values = 0;
    while (word.find()) {
      String argument = unquoted(word);
      if (argument.indexOf('=') < 0) {
        values(metric, argument, column(word));
        values++;
      }
    }
    if (values == 0) {
      throw wrong(content.length(), ErrorCode.INVALID, "the values are missing");
    }
  }

  private static String unquoted(Matcher word) {
    String quoted = word.group(1);
    return quoted == null ? word.group() : quoted.replaceAll("\\\\(.)", "$1");
  }

  private static int column(Matcher word) {
    return word.start() + 1;
  }

  private String metric(String identifier, int column) {
    String[] parts = identifier.split("/", 3);
    if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
      throw wrong(
          column, ErrorCode.INVALID, "the identifier is not host/plugin-instance/type-instance");
    }
    return AgentNames.of(parts[1] + "." + parts[2], "host", parts[0], sender.device());
  }

  /** Takes {@code time:value:value}. */
  private void values(String metric, String list, int column) {
    String[] parts = list.split(":", -1);
    if (parts.length < 2) {
      throw wrong(column, ErrorCode.INVALID, "expected was time:value");
    }
    long ts = parts[0].equals("N") ? DeviceMessage.NO_TS : timestamp(parts[0], column);
    int sources = parts.length - 1;
    for (int i = 0; i < sources; i++) {
      String series = sources == 1 ? metric : numbered(metric, i);
      if (parts[i + 1].equals("U")) {
        skipped++;
      } else {
        add(new Reading(name(series, column), ts, number(parts[i + 1], column)), column);
      }
    }
  }

  /** The number stands before the host, which is a tag. */
  private static String numbered(String metric, int source) {
    int tags = metric.indexOf(';');
    return tags < 0
        ? metric + "." + source
        : metric.substring(0, tags) + "." + source + metric.substring(tags);
  }

  private String name(String series, int column) {
    boolean fits = series.length() <= limits.nameLength() && !Utf8Length.hasControls(series);
    if (!fits) {
      String what =
          "a metric's name has at most " + limits.nameLength() + " characters, no controls";
      throw wrong(column, ErrorCode.INVALID, what);
    }
    return MetricNameInterner.of(MetricNameInterner.normalized(series));
  }

  private long timestamp(String number, int column) {
    double time = parsed(number, column);
    String fault = timestamps.fault(time, timestamps.unit());
    if (fault != null) {
      throw wrong(column, ErrorCode.BAD_TIMESTAMP, "the time " + fault);
    }
    return Math.round(timestamps.unit().millis(time));
  }

  private Value number(String number, int column) {
    double value = parsed(number, column);
    if (!Double.isFinite(value)) {
      throw wrong(column, ErrorCode.NOT_FINITE, "a number that is not finite");
    }
    return new Value.Num(value);
  }

  private double parsed(String number, int column) {
    if (number.length() > LONGEST_NUMBER || !NUMBER.matcher(number).matches()) {
      boolean isNan = number.matches("(?i)[+-]?(nan|inf|infinity)");
      ErrorCode kind = isNan ? ErrorCode.NOT_FINITE : ErrorCode.INVALID;
      throw wrong(column, kind, DecodeErrors.shown(number) + " is no number, and not U for none");
    }
    return Double.parseDouble(number);
  }

  private void add(Reading reading, int column) {
    if (readings.size() == limits.readings()) {
      String what = "one more than the " + limits.readings() + " readings that a message may hold";
      throw wrong(column, ErrorCode.TOO_LARGE, what);
    }
    readings.add(reading);
  }

  private Refusal wrong(int column, ErrorCode kind, String what) {
    return new Refusal(kind, "line " + line + ", column " + column + ": " + what);
  }
}
