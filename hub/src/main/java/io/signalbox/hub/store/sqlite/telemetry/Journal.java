package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.telemetry.codec.CorruptDataException;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Table of journal entries, one per group commit, with ascending numbers. The oldest entries are
 * deleted once all of their readings are in chunk rows. Writer thread only.
 */
final class Journal {
  private static final int DELETED_AT_ONCE = 512;

  private final Sql sql;
  private long last;
  private long deletedBefore;

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Entry(long number, byte[] body) {}

  /** Receiver of the entries of a replay. */
  interface Replay {
    void entry(long number, byte[] body) throws SQLException;
  }

  Journal(Sql sql) throws SQLException {
    this.sql = sql;
    // Numbers are never reused: chunk rows record up to which entry they are complete.
    last =
        sql.number(
            """
            SELECT max(coalesce((SELECT max(id) FROM journal), 0),
                       coalesce((SELECT max(up_to) FROM series), 0))""");
    deletedBefore = sql.number("SELECT coalesce(min(id), ?) FROM journal", last + 1);
  }

  /** Number of the newest entry. */
  long last() {
    return last;
  }

  /** Writes the next entry; it becomes effective with {@link #committed}. */
  void insert(byte[] body) throws SQLException {
    sql.update("INSERT INTO journal(id, body) VALUES(?, ?)", last + 1, body);
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
    sql.update("DELETE FROM journal WHERE id < ?", reachable(number));
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
    try (Sql.Cursor<Entry> entries =
        sql.open(
            "SELECT id, body FROM journal ORDER BY id",
            row -> new Entry(row.getLong(1), row.getBytes(2)))) {
      for (Entry next = entries.next(); next != null; next = entries.next()) {
        replay(next, replay);
      }
    }
  }

  private static void replay(Entry entry, Replay replay) throws SQLException, IOException {
    try {
      replay.entry(entry.number(), entry.body());
    } catch (CorruptDataException e) {
      throw new IOException(
          "entry %d of the journal in telemetry.db is damaged (%s): readings that were acknowledged"
                  .formatted(entry.number(), e.getMessage())
              + " cannot be read. Restore the file from a copy; nothing has been changed in it",
          e);
    }
  }
}
