package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Workload.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * Reader of recorded event times: the first column of each line is a time in Unix seconds, Unix
 * milliseconds or ISO 8601 (UTC without a zone). Other lines, such as a heading, are skipped.
 */
final class RecordedArrivals {
  private static final Pattern COLUMN = Pattern.compile("[,;\\t]");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");
  private static final double MILLISECONDS_FROM = 1e11;

  private RecordedArrivals() {}

  /** The workload of a file, with a quiet time of 5 % of its length before and after it. */
  static Workload of(Path file) throws IOException {
    double[] times =
        Files.readAllLines(file).stream()
            .map(line -> COLUMN.split(line.strip(), 2)[0])
            .filter(text -> !text.isEmpty() && Character.isDigit(text.charAt(0)))
            .mapToDouble(RecordedArrivals::seconds)
            .sorted()
            .toArray();
    if (times.length < 2) {
      throw new IOException(file + ": expected at least two lines that start with a time");
    }
    double quiet = (times[times.length - 1] - times[0]) / 20;
    double[] commands = new double[times.length];
    for (int each = 0; each < times.length; each++) {
      commands[each] = times[each] - times[0] + quiet;
    }
    double length = commands[commands.length - 1] + quiet;
    return new Workload(
        "Recorded: " + file.getFileName(), Kind.OTHER, length, null, random -> commands);
  }

  private static double seconds(String text) {
    if (NUMBER.matcher(text).matches()) {
      double number = Double.parseDouble(text);
      return number >= MILLISECONDS_FROM ? number / 1_000 : number;
    }
    String iso = text.replace(' ', 'T');
    try {
      return OffsetDateTime.parse(iso).toInstant().toEpochMilli() / 1_000.0;
    } catch (DateTimeException withoutZone) {
      return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli() / 1_000.0;
    }
  }
}
