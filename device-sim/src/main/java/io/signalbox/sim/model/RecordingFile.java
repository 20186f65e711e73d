package io.signalbox.sim.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording from a CSV file with a header. Numbers become the nearest double, {@code true}
 * and {@code false} booleans; an empty cell is a gap. Of rows with the same timestamp the last one
 * counts, and the recording has the number of replaced rows. Rows may be out of order.
 */
public final class RecordingFile {
  private static final Set<String> GAPS = Set.of("", "nan", "null", "na", "n/a");

  private static final int UNKNOWN = -1;

  private final Path path;
  private final List<String> wanted;
  private final @Nullable String timeColumn;
  private final @Nullable Character separator;

  /**
   * Creates a reader.
   *
   * @param wanted columns to read as metrics
   * @param timeColumn column with the timestamps; null for the first column that contains one
   * @param separator cell separator; null for the most frequent one in the header
   */
  public RecordingFile(
      Path path, List<String> wanted, @Nullable String timeColumn, @Nullable Character separator) {
    this.path = path;
    this.wanted = wanted;
    this.timeColumn = timeColumn;
    this.separator = separator;
  }

  /**
   * Reads the file.
   *
   * @throws RecordingException if the file is invalid; the message has file, line and column
   */
  public Recording read() {
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      return read(lines);
    } catch (NoSuchFileException e) {
      throw new RecordingException(path + ": file not found");
    } catch (CharacterCodingException e) {
      throw new RecordingException(path + ": not valid UTF-8");
    } catch (IOException e) {
      throw new RecordingException(path + ": " + e.getMessage());
    }
  }

  private Recording read(BufferedReader lines) throws IOException {
    String header = lines.readLine();
    if (header == null) {
      throw new RecordingException(path + ": file is empty");
    }
    String first = header.startsWith("\uFEFF") ? header.substring(1) : header;
    char cut = separator == null ? CsvLine.separatorOf(first) : separator;
    List<String> names = CsvLine.cells(first, cut);
    List<Integer> columns = wanted.stream().map(name -> columnOf(name, names)).toList();
    TreeMap<Long, Sample> samples = new TreeMap<>();
    Row row = new Row(names, columns, timeColumn == null ? UNKNOWN : columnOf(timeColumn, names));
    int number = 1;
    int rows = 0;
    int replaced = 0;
    int firstReplaced = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank()) {
        List<String> cells = CsvLine.cells(line, cut);
        row = row.timed(number, cells);
        Sample sample = row.sample(number, cells);
        rows++;
        if (samples.put(sample.ts(), sample) != null) {
          replaced++;
          firstReplaced = firstReplaced == 0 ? number : firstReplaced;
        }
      }
    }
    samples.values().removeIf(sample -> sample.readings().isEmpty());
    if (samples.isEmpty()) {
      throw new RecordingException(path + ": no readings in column " + String.join(", ", wanted));
    }
    return new Recording(List.copyOf(samples.values()), rows, replaced, firstReplaced);
  }

  private int columnOf(String name, List<String> names) {
    int index = names.indexOf(name);
    if (index < 0) {
      String known = String.join(", ", names);
      throw new RecordingException(path + ", line 1: no column '" + name + "'; columns: " + known);
    }
    if (names.lastIndexOf(name) != index) {
      throw new RecordingException(
          path
              + ", line 1: expected one column '"
              + name
              + "', got two, the "
              + (index + 1)
              + ". and the "
              + (names.lastIndexOf(name) + 1)
              + ".; rename one");
    }
    return index;
  }

  /** Maps the cells of a row to a sample; {@code time} is unknown until the first timestamp. */
  private final class Row {
    private final List<String> names;
    private final List<Integer> columns;
    private final int time;

    Row(List<String> names, List<Integer> columns, int time) {
      this.names = names;
      this.columns = columns;
      this.time = time;
    }

    Row timed(int line, List<String> cells) {
      if (time != UNKNOWN) {
        return this;
      }
      for (int column = 0; column < Math.min(cells.size(), names.size()); column++) {
        if (!columns.contains(column) && TimestampParser.parse(cells.get(column)).isPresent()) {
          return new Row(names, columns, column);
        }
      }
      throw new RecordingException(
          path + ", line " + line + ": no column with a timestamp; set --time-column");
    }

    Sample sample(int line, List<String> cells) {
      if (cells.size() != names.size()) {
        throw new RecordingException(
            path
                + ", line "
                + line
                + ": has "
                + cells.size()
                + " cells, the header "
                + names.size());
      }
      OptionalLong ts = TimestampParser.parse(cells.get(time));
      if (ts.isEmpty()) {
        throw wrong(line, time, cells.get(time), "is not a timestamp");
      }
      List<Reading> readings = new ArrayList<>(columns.size());
      for (int column : columns) {
        if (!GAPS.contains(cells.get(column).toLowerCase(Locale.ROOT))) {
          readings.add(new Reading(names.get(column), value(line, column, cells.get(column))));
        }
      }
      return new Sample(ts.getAsLong(), List.copyOf(readings));
    }

    private Value value(int line, int column, String cell) {
      if (cell.equalsIgnoreCase("true") || cell.equalsIgnoreCase("false")) {
        return new Value.Flag(cell.equalsIgnoreCase("true"));
      }
      try {
        double number = Double.parseDouble(cell);
        if (Double.isFinite(number)) {
          return new Value.Num(number);
        }
      } catch (NumberFormatException e) {
        throw wrong(line, column, cell, "is neither a number nor true or false");
      }
      throw wrong(line, column, cell, "is not a finite number");
    }

    private RecordingException wrong(int line, int column, String cell, String what) {
      String name = names.get(column);
      return new RecordingException(
          path + ", line " + line + ", column '" + name + "': '" + cell + "' " + what);
    }
  }
}
