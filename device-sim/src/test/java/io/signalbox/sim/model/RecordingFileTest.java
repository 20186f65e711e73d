package io.signalbox.sim.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingFileTest {
  @TempDir Path folder = Path.of("");

  @Test
  void numbers_are_read_exactly() {
    Recording recording =
        read(
            "timestamp,value\n2013-12-02 21:15:00,73.96732207\n2013-12-02 21:20:00,1e-7\n",
            "value");
    assertThat(recording.samples())
        .containsExactly(
            sample(1386018900000L, "value", 73.96732207), sample(1386019200000L, "value", 1e-7));
  }

  @Test
  void the_last_row_of_a_timestamp_counts() {
    Recording recording =
        read("t,v\n2020-01-01 00:00:00,1\n2020-01-01 00:00:05,2\n2020-01-01 00:00:00,3\n", "v");
    assertThat(recording.samples())
        .containsExactly(sample(1577836800000L, "v", 3), sample(1577836805000L, "v", 2));
  }

  @ParameterizedTest
  @CsvSource({
    "2020-01-01 00:00:00, 2020-01-01 00:00:00",
    "2020-10-25 02:30:00+01:00, 2020-10-25T01:30:00Z",
    "2020-01-01 00:00:00.0001, 2020-01-01 00:00:00.0004",
    "1577836800.0001, 1577836800.0002"
  })
  void replaced_rows_are_counted_with_the_line_of_the_first(String one, String other) {
    Recording recording = read("t,v\n2019-01-01,0\n" + one + ",1\n" + other + ",2\n", "v");
    assertThat(recording.samples()).hasSize(2);
    assertThat(recording.rows()).isEqualTo(3);
    assertThat(recording.replaced()).isEqualTo(1);
    assertThat(recording.firstReplaced()).isEqualTo(4);
  }

  @Test
  void rows_with_different_timestamps_replace_nothing() {
    Recording recording = read("t,v\n2020-01-01 00:00:00.001,1\n2020-01-01 00:00:00.002,2\n", "v");
    assertThat(recording.replaced()).isZero();
    assertThat(recording.firstReplaced()).isZero();
  }

  @Test
  void semicolons_quotes_gaps_and_booleans_are_parsed() {
    Recording recording =
        read(
            """
            \uFEFFdatetime;"Volume; Flow";Pressure;open
            2020-03-09 10:14:33;32.0;;TRUE
            2020-03-09 10:14:34;;;
            """,
            "Volume; Flow",
            "Pressure",
            "open");
    assertThat(recording.samples())
        .containsExactly(
            new Sample(
                1583748873000L,
                List.of(
                    new Reading("Volume; Flow", new Value.Num(32)),
                    new Reading("open", new Value.Flag(true)))));
  }

  @ParameterizedTest
  @CsvSource({
    "2020-01-01 00:00:01, 1577836801000",
    "2020-01-01 00:00:01.250, 1577836801250",
    "2020-01-01T00:00:01Z, 1577836801000",
    "2020-01-01T02:00:01+02:00, 1577836801000",
    "2020-01-01 02:00:01+02:00, 1577836801000",
    "2020-01-01T00:00:01, 1577836801000",
    "2020-01-01, 1577836800000",
    "1577836801, 1577836801000",
    "1577836801.5, 1577836801500",
    "1577836801000, 1577836801000"
  })
  void timestamp_formats_are_parsed(String text, long millis) {
    Recording recording = read("v,when\n1," + text + "\n", "v");
    assertThat(recording.samples()).containsExactly(sample(millis, "v", 1));
  }

  @Test
  void the_time_column_can_be_selected() {
    Recording recording =
        timed("made,sent,v\n2020-01-01 00:00:00,2021-01-01 00:00:00,1\n", "sent", "v");
    assertThat(recording.samples().getFirst().ts()).isEqualTo(1609459200000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t,v\\n2020-01-01 00:00:00,warm\\n | line 2, column 'v': 'warm' is neither",
        "t,v\\n2020-01-01 00:00:00,1\\nyesterday,2\\n | line 3, column 't': 'yesterday' is not a timestamp",
        "t,v\\n2020-01-01 00:00:00,Infinity\\n | line 2, column 'v': 'Infinity' is not a finite number",
        "t,v\\n2020-01-01 00:00:00\\n | line 2: has 1 cells, the header 2",
        "t,w\\n | line 1: no column 'v'; columns: t, w",
        "t,v,w,v\\n | line 1: expected one column 'v', got two, the 2. and the 4.; rename one",
        "a,v\\nx,1\\n | line 2: no column with a timestamp",
        "t,v\\n2020-01-01 00:00:00,\\n | no readings in column v"
      })
  void errors_name_file_line_and_column(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n"), "v"))
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining("recording.csv")
        .hasMessageContaining(message);
  }

  @Test
  void a_duplicate_time_column_is_rejected() {
    assertThatThrownBy(() -> timed("sent,sent,v\n2020-01-01,2021-01-01,1\n", "sent", "v"))
        .hasMessageContaining("expected one column 'sent', got two");
  }

  @Test
  void a_missing_file_is_reported() {
    Path nowhere = folder.resolve("nowhere.csv");
    assertThatThrownBy(() -> new RecordingFile(nowhere, List.of("v"), null, null).read())
        .hasMessageContaining("nowhere.csv: file not found");
  }

  private Recording read(String text, String... columns) {
    return timed(text, null, columns);
  }

  private Recording timed(String text, @Nullable String timeColumn, String... columns) {
    try {
      Path file = Files.writeString(folder.resolve("recording.csv"), text);
      return new RecordingFile(file, List.of(columns), timeColumn, null).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Sample sample(long ts, String metric, double value) {
    return new Sample(ts, List.of(new Reading(metric, new Value.Num(value))));
  }
}
