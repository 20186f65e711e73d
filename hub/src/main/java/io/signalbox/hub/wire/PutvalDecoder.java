package io.signalbox.hub.wire;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.text.Utf8Length;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decoder of the commands of collectd's {@code write_http}: {@code PUTVAL
 * host/plugin-instance/type-instance interval=10 time:value:value}, one per line. A command does
 * not name its data sources: several sources are numbered from 0. Refusals name the line and the
 * column. One instance decodes one payload, on one thread.
 */
final class PutvalDecoder {
  private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\" ]++)");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,4})?");
  private static final String IDENTIFIER = "host/plugin-instance/type-instance";
  private static final int MAX_NUMBER_LENGTH = 100;

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

  /** Decodes a body that is valid UTF-8. */
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
      throw wrong(1, ErrorCode.INVALID, "expected PUTVAL");
    }
    if (!word.find()) {
      throw wrong(
          content.length(), ErrorCode.INVALID, "the identifier is missing; expected " + IDENTIFIER);
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
      throw wrong(
          content.length(), ErrorCode.INVALID, "the values are missing; expected time:value");
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
      throw wrong(column, ErrorCode.INVALID, "the identifier must be " + IDENTIFIER);
    }
    return AgentNames.of(parts[1] + "." + parts[2], "host", parts[0], sender.device());
  }

  /** Reads {@code time:value:value}. */
  private void values(String metric, String list, int column) {
    String[] parts = list.split(":", -1);
    if (parts.length < 2) {
      throw wrong(column, ErrorCode.INVALID, "expected time:value");
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

  /** Inserts the source's number before the host, which is a tag. */
  private static String numbered(String metric, int source) {
    int tags = metric.indexOf(';');
    return tags < 0
        ? metric + "." + source
        : metric.substring(0, tags) + "." + source + metric.substring(tags);
  }

  private String name(String series, int column) {
    boolean valid = series.length() <= limits.nameLength() && !Utf8Length.hasControls(series);
    if (!valid) {
      String what =
          "the metric name must have at most %d characters and no control characters"
              .formatted(limits.nameLength());
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
      throw wrong(column, ErrorCode.NOT_FINITE, "the value must be a finite number");
    }
    return new Value.Num(value);
  }

  private double parsed(String number, int column) {
    if (number.length() > MAX_NUMBER_LENGTH || !NUMBER.matcher(number).matches()) {
      boolean isNan = number.matches("(?i)[+-]?(nan|inf|infinity)");
      ErrorCode kind = isNan ? ErrorCode.NOT_FINITE : ErrorCode.INVALID;
      throw wrong(
          column, kind, "expected a number, or U for none; got " + DecodeErrors.shown(number));
    }
    return Double.parseDouble(number);
  }

  private void add(Reading reading, int column) {
    if (readings.size() == limits.readings()) {
      String what = "the payload exceeds the limit of " + limits.readings() + " readings";
      throw wrong(column, ErrorCode.TOO_LARGE, what);
    }
    readings.add(reading);
  }

  private Refusal wrong(int column, ErrorCode kind, String what) {
    return new Refusal(kind, "line " + line + ", column " + column + ": " + what);
  }
}
