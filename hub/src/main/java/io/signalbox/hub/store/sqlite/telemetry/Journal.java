package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Table of journal entries, one per group commit, with ascending numbers. The oldest entries are
 * deleted once all of their readings are in chunk rows. Writer thread only.
 */
final class Journal {
  private static final int DELETED_AT_ONCE = 512;

  private final StatementCache statements;
  private long last;
  private long deletedBefore;

  /** Receiver of the entries of a replay. */
  interface Replay {
    void entry(long number, byte[] body) throws SQLException;
  }

  Journal(StatementCache statements) throws SQLException {
    this.statements = statements;
    // Numbers are never reused: chunk rows record up to which entry they are complete.
    PreparedStatement sql =
        statements.get(
            """
            SELECT max(coalesce((SELECT max(id) FROM journal), 0),
                       coalesce((SELECT max(up_to) FROM series), 0)),
                   coalesce((SELECT min(id) FROM journal), 0)""");
    try (ResultSet row = sql.executeQuery()) {
      row.next();
      last = row.getLong(1);
      long oldest = row.getLong(2);
      deletedBefore = oldest == 0 ? last + 1 : oldest;
    }
  }

  /** Number of the newest entry. */
  long last() {
    return last;
  }

  /** Writes the next entry; it becomes effective with {@link #committed}. */
  void insert(byte[] body) throws SQLException {
    PreparedStatement insert = statements.get("INSERT INTO journal(id, body) VALUES(?, ?)");
    insert.setLong(1, last + 1);
    insert.setBytes(2, body);
    insert.executeUpdate();
  }

  /** Confirms that the last written entry is durable. */
  void committed() {
    last++;
  }

  /** Whether there are entries before the number. */
  boolean hasBefore(long number) {
    return deletedBefore < number;
  }

  /** Deletes a bounded number of entries before the number. */
  void deleteBefore(long number) throws SQLException {
    statements.run("DELETE FROM journal WHERE id < ?", reachable(number));
  }

  /** Confirms that the deletions of {@link #deleteBefore} are durable. */
  void deleted(long number) {
    deletedBefore = reachable(number);
  }

  private long reachable(long number) {
    return Math.min(number, deletedBefore + DELETED_AT_ONCE);
  }

  /** Replays the entries of the last run; the exception's message describes any damage. */
  void replay(Replay replay) throws SQLException, IOException {
    PreparedStatement sql = statements.get("SELECT id, body FROM journal ORDER BY id");
    try (ResultSet rows = sql.executeQuery()) {
      while (rows.next()) {
        one(rows.getLong(1), rows.getBytes(2), replay);
      }
    }
  }

  private static void one(long number, byte[] body, Replay replay)
      throws SQLException, IOException {
    try {
      replay.entry(number, body);
    } catch (CorruptDataException e) {
      throw new IOException(
          "entry %d of the journal in telemetry.db is damaged (%s): readings that were acknowledged"
                  .formatted(number, e.getMessage())
              + " cannot be read. Restore the file from a copy; nothing has been changed in it",
          e);
    }
  }
}
