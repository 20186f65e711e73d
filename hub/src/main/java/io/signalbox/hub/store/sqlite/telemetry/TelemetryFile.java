package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.NativeLibrary;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The file {@code telemetry.db} in the data directory: locked by one process at a time, and created
 * or checked when it is opened. It can be read with the {@code sqlite3} shell.
 */
final class TelemetryFile {
  private static final String NAME = "telemetry.db";
  private static final int APPLICATION = 0x53_42_6f_78; // "SBox"
  private static final int VERSION = 1;

  /*
   * Chunk bodies have their own ordinary table, whose pages fill completely; bounds and statistics,
   * which long ranges read, are in a narrow table clustered in the order of reading.
   */
  private static final String SCHEMA =
      """
      CREATE TABLE series(
        id INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, metric TEXT NOT NULL,
        up_to INTEGER NOT NULL, last INTEGER, sealed_until INTEGER,
        main_row INTEGER, main_last INTEGER, late_row INTEGER, late_last INTEGER);
      CREATE TABLE journal(id INTEGER PRIMARY KEY, body BLOB NOT NULL);
      CREATE TABLE chunk(
        series INTEGER NOT NULL, late INTEGER NOT NULL, last INTEGER NOT NULL, id INTEGER NOT NULL,
        first INTEGER NOT NULL, count INTEGER NOT NULL, numbers INTEGER NOT NULL,
        min REAL, min_at INTEGER, max REAL, max_at INTEGER, sum REAL,
        PRIMARY KEY(series, late, last, id)) WITHOUT ROWID;
      CREATE TABLE body(chunk INTEGER PRIMARY KEY, body BLOB NOT NULL);
      CREATE TABLE dropped(series INTEGER PRIMARY KEY);
      """;

  private final Path path;
  private final FileChannel channel;
  private final Connection writer;

  private TelemetryFile(Path path, FileChannel channel, Connection writer) {
    this.path = path;
    this.channel = channel;
    this.writer = writer;
  }

  /** Opens the file of a data directory; an exception's message is meant for users. */
  static TelemetryFile open(Path directory, DiskReserve disk) throws IOException {
    Files.createDirectories(directory);
    NativeLibrary.unpackBelow(directory);
    FileChannel channel = lock(directory);
    Path path = directory.resolve(NAME);
    Connection writer = null;
    try {
      writer = connect(path);
      prepare(path, writer);
      return new TelemetryFile(path, channel, writer);
    } catch (SQLException | IOException e) {
      releaseLock(writer, channel);
      throw e instanceof IOException io ? io : new IOException(describe(path, disk, e), e);
    }
  }

  private static String describe(Path path, DiskReserve disk, Exception e) {
    String why = disk.isBecauseFull(e) ? disk.words() : StoreErrors.of(e);
    return "cannot open " + path + ": " + why;
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("telemetry.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (!isFree(channel)) {
      channel.close();
      throw new IOException("the data directory " + directory + " is in use by another hub");
    }
    return channel;
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null; // Held until the channel is closed or the process ends.
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static Connection connect(Path path) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false); // Avoids a query after every insert.
    return DriverManager.getConnection(
        "jdbc:sqlite:" + path.toAbsolutePath(), config.toProperties());
  }

  private static void prepare(Path path, Connection writer) throws SQLException, IOException {
    try (Statement sql = writer.createStatement()) {
      sql.execute("PRAGMA busy_timeout = 5000");
      long application = number(sql, "PRAGMA application_id");
      long version = number(sql, "PRAGMA user_version");
      boolean isNew = application == 0 && number(sql, "SELECT count(*) FROM sqlite_schema") == 0;
      if (!isNew && application != APPLICATION) {
        throw new IOException(path + " is not a Signalbox telemetry store; move it out of the way");
      }
      if (version > VERSION) {
        throw new IOException(path + " was written by a newer Signalbox (format " + version + ")");
      }
      if (isNew) {
        // Effective only before the first write. Returns deleted pages to a full disk.
        sql.execute("PRAGMA auto_vacuum = INCREMENTAL");
      }
      sql.execute("PRAGMA journal_mode = WAL");
      sql.execute("PRAGMA synchronous = FULL");
      sql.execute("PRAGMA cache_size = -4000");
      if (isNew) {
        make(sql);
      }
    }
  }

  private static void make(Statement sql) throws SQLException {
    String all =
        "BEGIN IMMEDIATE;%s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;"
            .formatted(SCHEMA, APPLICATION, VERSION);
    sql.executeUpdate(all);
  }

  private static long number(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** The only writing connection. */
  Connection writer() {
    return writer;
  }

  /** A new read-only connection. */
  Connection newReader() throws SQLException {
    Connection reader = connect(path);
    try (Statement sql = reader.createStatement()) {
      sql.execute("PRAGMA busy_timeout = 5000");
      sql.execute("PRAGMA cache_size = -8000");
      sql.execute("PRAGMA query_only = 1");
    }
    return reader;
  }

  /** Closes the writing connection and releases the lock. */
  void close() {
    releaseLock(writer, channel);
  }

  private static void releaseLock(@Nullable Connection connection, FileChannel channel) {
    try (channel;
        connection) {
      // Closing the channel releases the lock.
    } catch (SQLException | IOException e) {
      // Durable data is on disk already; the process releases the rest.
    }
  }
}
