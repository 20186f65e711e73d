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
 * and {@code false} flags; an empty cell is a gap. Where an instant occurs twice the later row
 * stands, and the recording says how many were replaced; rows may be out of order.
 */
public final class RecordingFile {
  private static final Set<String> GAPS = Set.of("", "nan", "null", "na", "n/a");

  private static final int UNKNOWN = -1;

  private final Path path;
  private final List<String> wanted;
  private final @Nullable String timeColumn;
  private final @Nullable Character separator;

  /**
   * A file to be read.
   *
   * @param wanted names of the columns that become metrics
   * @param timeColumn name of the column with the times; null for the first that holds one
   * @param separator between cells; null for the one that the header uses most
   */
  public RecordingFile(
      Path path, List<String> wanted, @Nullable String timeColumn, @Nullable Character separator) {
    this.path = path;
    this.wanted = wanted;
    this.timeColumn = timeColumn;
    this.separator = separator;
  }

  /**
   * Reads it whole.
   *
   * @throws RecordingException naming file, line and column of what is wrong
   */
  public Recording read() {
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      return read(lines);
    } catch (NoSuchFileException e) {
      throw new RecordingException(path + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new RecordingException(path + ": is not UTF-8 text");
    } catch (IOException e) {
      throw new RecordingException(path + ": " + e.getMessage());
    }
  }

  private Recording read(BufferedReader lines) throws IOException {
    String header = lines.readLine();
    if (header == null) {
      throw new RecordingException(path + ": is empty");
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
      throw new RecordingException(
          path + ": holds no readings in column " + String.join(", ", wanted));
    }
    return new Recording(List.copyOf(samples.values()), rows, replaced, firstReplaced);
  }

  private int columnOf(String name, List<String> names) {
    int index = names.indexOf(name);
    if (index < 0) {
      String known = String.join(", ", names);
      throw new RecordingException(
          path + ", line 1: there is no column '" + name + "'; the columns are " + known);
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

  /** How the cells of a row become a sample; {@code time} is unknown until one has been seen. */
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
          path + ", line " + line + ": no column holds a time; name it with --time-column");
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
        throw wrong(line, time, cells.get(time), "is not a time");
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
