package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.LockFile;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteErrors;
import io.signalbox.hub.store.sqlite.SqliteFile;
import io.signalbox.hub.store.telemetry.codec.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/**
 * The file {@code telemetry.db} in the data directory: locked by one process at a time, and created
 * or checked when it is opened. It can be read with the {@code sqlite3} shell.
 */
final class TelemetryFile {
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

  private final SqliteFile file;
  private final LockFile lock;
  private final Sql writer;

  private TelemetryFile(SqliteFile file, LockFile lock, Sql writer) {
    this.file = file;
    this.lock = lock;
    this.writer = writer;
  }

  /** Opens the file of a data directory; an exception's message is meant for users. */
  static TelemetryFile open(Path directory, DiskReserve disk) throws IOException {
    Files.createDirectories(directory);
    SqliteFile file =
        new SqliteFile(
            directory, "telemetry.db", "PRAGMA cache_size = -4000;", "PRAGMA cache_size = -8000;");
    LockFile lock = LockFile.acquire(directory.resolve("telemetry.lock"));
    if (lock == null) {
      throw new IOException("the data directory " + directory + " is in use by another hub");
    }
    Sql writer = null;
    try {
      writer = file.openWriter();
      prepare(file.path(), writer);
      return new TelemetryFile(file, lock, writer);
    } catch (SQLException | IOException e) {
      release(writer, lock);
      throw e instanceof IOException io ? io : new IOException(explain(file.path(), disk, e), e);
    }
  }

  private static String explain(Path path, DiskReserve disk, Exception e) {
    return "cannot open " + path + ": " + (disk.isBecauseFull(e) ? disk.words() : describe(e));
  }

  private static void prepare(Path path, Sql writer) throws SQLException, IOException {
    long application = writer.number("PRAGMA application_id");
    long version = writer.number("PRAGMA user_version");
    boolean isNew = application == 0 && writer.number("SELECT count(*) FROM sqlite_schema") == 0;
    if (!isNew && application != APPLICATION) {
      throw new IOException(path + " is not a Signalbox telemetry store; move it out of the way");
    }
    if (version > VERSION) {
      throw new IOException(path + " was written by a newer Signalbox (format " + version + ")");
    }
    if (isNew) {
      // Effective only before the first write. Returns deleted pages to a full disk.
      writer.script("PRAGMA auto_vacuum = INCREMENTAL");
    }
    SqliteFile.useWal(writer);
    if (isNew) {
      writer.transaction(() -> make(writer));
    }
  }

  private static void make(Sql writer) throws SQLException {
    writer.script(
        "%s PRAGMA application_id = %d; PRAGMA user_version = %d"
            .formatted(SCHEMA, APPLICATION, VERSION));
  }

  /** Mapping of the file's errors to refusals. */
  static SqliteErrors errors(DiskReserve disk) {
    return new SqliteErrors("the telemetry store", disk, TelemetryFile::describe);
  }

  /** Describes an error of the file, as part of a sentence. */
  static String describe(Throwable e) {
    return switch (e) {
      case SQLiteException sqlite -> describe(sqlite);
      case CorruptDataException damaged -> "telemetry.db is damaged: " + damaged.getMessage();
      case Refusal refusal -> refusal.detail();
      default -> e.toString();
    };
  }

  private static String describe(SQLiteException e) {
    String code = e.getResultCode().name();
    if (code.equals("SQLITE_FULL")) {
      return "the disk accepts no more data: a quota or a limit on file size is reached";
    }
    if (code.startsWith("SQLITE_IOERR")) {
      return "the disk reports an I/O error (" + code + ")";
    }
    if (code.startsWith("SQLITE_CORRUPT")) {
      return "telemetry.db is damaged (" + code + ")";
    }
    if (code.equals("SQLITE_NOTADB")) {
      return "it is not a Signalbox telemetry store or is damaged";
    }
    if (code.startsWith("SQLITE_BUSY")) {
      return "another program has locked telemetry.db";
    }
    return e.toString();
  }

  /** The only writing connection. */
  Sql writer() {
    return writer;
  }

  /** The file, for connections that read. */
  SqliteFile sqlite() {
    return file;
  }

  /** Closes the writing connection and releases the lock. */
  void close() {
    release(writer, lock);
  }

  private static void release(@Nullable Sql writer, LockFile lock) {
    try (lock;
        writer) {
      // Resources are closed in reverse order: the lock last.
    } catch (SQLException | IOException e) {
      // Durable data is on disk already; the process releases the rest.
    }
  }
}
