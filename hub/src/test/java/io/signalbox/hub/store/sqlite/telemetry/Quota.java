package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Size limit of the database file, which SQLite reports like a full disk. */
final class Quota implements FullDiskTest.SmallDisk {
  private final Path parent;
  private @Nullable Path directory;
  private @Nullable TelemetryFile file;

  Quota(Path parent) {
    this.parent = parent;
  }

  @Override
  public SqliteTelemetryStore open() throws IOException, SQLException {
    if (directory == null) {
      directory = Files.createTempDirectory(parent, "quota");
    }
    TelemetryFile opened = TelemetryFile.open(directory, DiskReserve.none(directory));
    file = opened;
    return SqliteTelemetryStore.open(
        opened, TelemetrySettings.DEFAULTS, DiskReserve.none(directory), HubClock.ofSystem());
  }

  @Override
  public void fill() throws SQLException {
    limit("SELECT page_count + 1 FROM pragma_page_count()");
  }

  @Override
  public void freeSpace() throws SQLException {
    limit("SELECT 1000000");
  }

  private void limit(String pages) throws SQLException {
    if (file == null) {
      throw new IllegalStateException("not open");
    }
    Sql sql = file.writer();
    sql.script("PRAGMA max_page_count = " + sql.number(pages));
  }

  @Override
  public String complaint() {
    return "the disk accepts no more data: a quota";
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "a quota";
  }
}
