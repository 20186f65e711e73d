package io.signalbox.hub.store.sqlite.command;

import io.signalbox.hub.command.CommandStore.AppendResult;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.SQLException;

/**
 * Revision of a device's queue of commands.
 *
 * <p>A device has a row from its first append on, until it is deleted. Without a row, a registered
 * device has the revision of the row {@code ''}, which is no device's: each deletion raises it
 * above the revision of the deleted queue. So a revision never fits twice for an id, and ids that
 * were deleted cost nothing. The revision of an unregistered device is 0 and does not grow.
 */
final class QueueRevision {
  static final String TABLE =
      """
      -- '' is no device: where the revisions of devices without a row begin
      CREATE TABLE command_queue (
        device TEXT PRIMARY KEY,
        revision INTEGER NOT NULL) WITHOUT ROWID;
      INSERT INTO command_queue VALUES ('', 0);
      CREATE TRIGGER command_queue_of_deleted_device AFTER DELETE ON device BEGIN
        UPDATE command_queue SET revision = 1 + max(revision,
          coalesce((SELECT revision FROM command_queue WHERE device = OLD.id), 0))
        WHERE device = '';
        DELETE FROM command_queue WHERE device = OLD.id;
      END
      """;

  private static final String ADVANCE =
      "UPDATE command_queue SET revision = revision + 1 WHERE device = ? AND revision = ?";

  private static final String FIRST =
      "INSERT INTO command_queue SELECT device.id, revision + 1 FROM device, command_queue"
          + " WHERE id = ? AND command_queue.device = '' AND revision = ? ON CONFLICT DO NOTHING";

  private static final String PRESENT =
      "SELECT coalesce((SELECT revision FROM command_queue WHERE device = ?1), (SELECT revision"
          + " FROM command_queue WHERE device = '' AND EXISTS (SELECT 1 FROM device WHERE id = ?1)),"
          + " 0)";

  private QueueRevision() {}

  /** The present revision. */
  static long of(Sql sql, String device) throws SQLException {
    return sql.number(PRESENT, device);
  }

  /** Raises the revision if it is the expected one, with one statement after the first time. */
  static AppendResult advance(Sql sql, String device, long revision) throws SQLException {
    if (sql.update(ADVANCE, device, revision) == 1 || sql.update(FIRST, device, revision) == 1) {
      return new AppendResult.Appended(revision + 1);
    }
    long present = of(sql, device);
    // Equal only if the device is not registered: then its commands can only end.
    return present == revision
        ? new AppendResult.Appended(revision)
        : new AppendResult.Conflict(present);
  }
}
