package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.TelemetryStoreFixture;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crashes, damage and foreign files: data is recovered, or the error is reported. */
class DamageTest extends TelemetryStoreFixture {
  @TempDir Path directory;
  @TempDir Path copy;

  @Override
  protected TelemetryStore open() throws IOException {
    return open(directory);
  }

  private static SqliteTelemetryStore open(Path where) throws IOException {
    return SqliteTelemetryStore.open(where, TelemetrySettings.DEFAULTS, HubClock.ofSystem());
  }

  @Test
  void journal_entries_are_replayed_once() throws Exception {
    List<Point> sent = walk("pump", "t", 1000, 5);
    crash();
    assertThat(((SqliteTelemetryStore) store).counters().replayed()).isPositive();
    assertThat(read("pump", "t")).isEqualTo(sent);
    assertThat(metrics("pump")).containsExactly(new MetricSummary("t", T0, T0 + 999_000, 1000));
    assertThat(latest("pump")).containsEntry("t", new Reading("t", T0 + 999_000, last(sent)));
    reopen();
    assertThat(metrics("pump")).containsExactly(new MetricSummary("t", T0, T0 + 999_000, 1000));
  }

  @Test
  void a_deleted_device_is_not_restored_from_the_journal() throws Exception {
    walk("pump", "t", 500, 5);
    List<Point> kept = walk("fan", "t", 500, 6);
    await(store.forget("pump"));
    append("pump", new Reading("t", T0, num(1)));
    crash();
    assertThat(read("pump", "t")).containsExactly(new Point(T0, num(1)));
    assertThat(read("fan", "t")).isEqualTo(kept);
  }

  @Test
  void a_damaged_journal_stops_the_start_with_an_error() throws Exception {
    walk("pump", "t", 50, 5);
    copyFiles();
    change("UPDATE journal SET body = substr(body, 1, length(body) - 1) || x'00'");
    assertThatThrownBy(() -> open(copy))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("entry 1 of the journal in telemetry.db is damaged")
        .hasMessageContaining("its checksum is wrong");
    change("UPDATE journal SET body = zeroblob(2)");
    assertThatThrownBy(() -> open(copy)).hasMessageContaining("only 2 bytes long");
  }

  @Test
  void a_corrupt_chunk_fails_reads_but_not_writes() throws Exception {
    walk("pump", "t", 50, 5);
    List<Point> sound = walk("fan", "t", 50, 6);
    await(store.close());
    copyFiles();
    change(
        """
        UPDATE body SET body = x'07' || substr(body, 2) WHERE chunk IN
        (SELECT main_row FROM series WHERE device = 'pump')""");
    store = open(copy);
    append("pump", new Reading("t", T0 + 600_000, num(7)));
    assertThat(latest("pump")).containsEntry("t", new Reading("t", T0 + 600_000, num(7)));
    Refusal refusal =
        Results.refusal(store.read(new SeriesRange("pump", "t", T0, T0 + 1_000_000), 1000));
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.INTERNAL);
    assertThat(refusal.detail()).contains("telemetry.db is damaged: chunk");
    assertThat(await(store.read(new SeriesRange("pump", "t", T0 + 600_000, T0 + 700_000), 10)))
        .hasSize(1);
    assertThat(read("fan", "t")).isEqualTo(sound);
  }

  @Test
  void a_directory_can_be_used_by_one_hub_at_a_time() {
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(IOException.class)
        .hasMessage("the data directory " + directory + " is in use by another hub");
    append("pump", new Reading("t", T0, num(1)));
  }

  @Test
  void a_file_that_is_not_a_database_is_not_changed() throws Exception {
    Path file = copy.resolve("telemetry.db");
    Files.writeString(file, "Dear diary, today it rained. ".repeat(100));
    assertThatThrownBy(() -> open(copy)).hasMessageContaining("is not a Signalbox telemetry store");
    assertThat(Files.readString(file)).startsWith("Dear diary");
  }

  @Test
  void a_database_of_another_program_is_not_changed() throws Exception {
    change("CREATE TABLE recipes(name TEXT)");
    assertThatThrownBy(() -> open(copy))
        .hasMessageContaining("is not a Signalbox telemetry store; move it out of the way");
  }

  @Test
  void a_file_of_a_newer_version_is_not_changed() throws Exception {
    open(copy).close().await();
    change("PRAGMA user_version = 99");
    assertThatThrownBy(() -> open(copy))
        .hasMessageContaining("was written by a newer Signalbox (format 99)");
  }

  /** Continues with a copy of the current files, as after a crash. */
  private void crash() throws IOException {
    copyFiles();
    await(store.close());
    store = open(copy);
  }

  private void copyFiles() throws IOException {
    for (String name : List.of("telemetry.db", "telemetry.db-wal")) {
      if (Files.exists(directory.resolve(name))) {
        Files.copy(directory.resolve(name), copy.resolve(name));
      }
    }
  }

  private void change(String statement) throws SQLException {
    String url = "jdbc:sqlite:" + copy.resolve("telemetry.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  private static Value last(List<Point> points) {
    return points.getLast().value();
  }
}
