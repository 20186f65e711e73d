package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The table of journal entries: one a group commit, numbered without gaps that matter, deleted from
 * the oldest end once every reading of theirs is in a chunk row. Writer thread only.
 */
final class Journal {
  private static final int DELETED_AT_ONCE = 512;

  private final StatementCache statements;
  private long last;
  private long deletedBefore;

  /** Takes readings out of an entry. */
  interface Replay {
    void entry(long number, byte[] body) throws SQLException;
  }

  Journal(StatementCache statements) throws SQLException {
    this.statements = statements;
    // A number must never come again for readings that chunk rows already hold up to it.
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

  /** Writes the next entry; it counts once {@link #committed} has been called. */
  void insert(byte[] body) throws SQLException {
    PreparedStatement insert = statements.get("INSERT INTO journal(id, body) VALUES(?, ?)");
    insert.setLong(1, last + 1);
    insert.setBytes(2, body);
    insert.executeUpdate();
  }

  /** The entry written last is durable. */
  void committed() {
    last++;
  }

  /** Whether there are entries to delete before that number. */
  boolean hasBefore(long number) {
    return deletedBefore < number;
  }

  /** Deletes entries before the number, so many at once. */
  void deleteBefore(long number) throws SQLException {
    statements.run("DELETE FROM journal WHERE id < ?", reachable(number));
  }

  /** What {@link #deleteBefore} has deleted is gone durably. */
  void deleted(long number) {
    deletedBefore = reachable(number);
  }

  private long reachable(long number) {
    return Math.min(number, deletedBefore + DELETED_AT_ONCE);
  }

  /** Goes through what is left from the last run; fails with a sentence where it is damaged. */
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
