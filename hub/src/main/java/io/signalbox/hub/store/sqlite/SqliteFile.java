package io.signalbox.hub.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.LongAdder;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite file of the data directory, and the settings of its connections. Commits are durable:
 * they survive a crash of the process and a power failure.
 *
 * <p>Threading: any thread.
 */
public final class SqliteFile {
  private static final String SETTINGS = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;";

  private final Path path;
  private final String writerSettings;
  private final String readerSettings;
  private final LongAdder statements = new LongAdder();

  /**
   * A file, which is created by the first connection if it is missing. Unpacks SQLite's library.
   *
   * @param directory the data directory, which must exist and be used by this hub only
   * @param writerSettings further PRAGMA statements of connections that write
   * @param readerSettings further PRAGMA statements of connections that only read
   */
  public SqliteFile(Path directory, String name, String writerSettings, String readerSettings) {
    NativeLibrary.unpackBelow(directory);
    this.path = directory.resolve(name);
    this.writerSettings = SETTINGS + writerSettings;
    this.readerSettings = SETTINGS + readerSettings + "PRAGMA query_only = true;";
  }

  /** The path of the file. */
  public Path path() {
    return path;
  }

  /** Number of statements executed on all connections. */
  long statements() {
    return statements.sum();
  }

  /** Opens a connection that can write. */
  public Sql openWriter() throws SQLException {
    return open(writerSettings);
  }

  /** Opens a connection that only reads. */
  Sql openReader() throws SQLException {
    return open(readerSettings);
  }

  /** Switches the file to a write-ahead log, permanently; writes to a new file. */
  public static void useWal(Sql sql) throws SQLException {
    sql.script("PRAGMA journal_mode = WAL");
  }

  private Sql open(String settings) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false); // Avoids a query after every insert.
    Connection connection = config.createConnection("jdbc:sqlite:" + path.toAbsolutePath());
    try (Statement sql = connection.createStatement()) {
      // In its auto-commit mode the driver would run BEGIN and COMMIT after every statement.
      // Without
      // it, SQLite's own mode applies after the transaction is ended that the driver begins here.
      connection.setAutoCommit(false);
      sql.executeUpdate("ROLLBACK;" + settings);
      return new Sql(connection, statements);
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }
}
