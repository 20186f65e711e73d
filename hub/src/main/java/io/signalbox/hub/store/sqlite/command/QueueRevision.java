package io.signalbox.hub.store.sqlite.command;

import io.signalbox.hub.command.CommandStore.AppendResult;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.SQLException;

/**
 * Revision of a device's queue of commands: a row of each registered device.
 *
 * <p>A device that is registered begins with the revision of the row {@code ''}, which is no
 * device's: each deletion raises it above the revision of the deleted queue. So a revision never
 * fits twice for an id, and ids that were deleted cost nothing. The revision of an unregistered
 * device is 0 and does not grow.
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

  /** Rows of devices that have none: before, a device got its row from its first append. */
  static final String ROW_OF_EACH_DEVICE =
      """
      INSERT INTO command_queue SELECT id, revision FROM device, command_queue
      WHERE command_queue.device = '' ON CONFLICT DO NOTHING
      """;

  private static final String ADVANCE =
      "UPDATE command_queue SET revision = revision + 1 WHERE device = ? AND revision = ?";

  private static final String REGISTERED =
      "INSERT INTO command_queue SELECT value, revision FROM json_each(?), command_queue"
          + " WHERE command_queue.device = ''";

  private static final String DELETED =
      "UPDATE command_queue SET revision = 1 + max(revision,"
          + " coalesce((SELECT revision FROM command_queue WHERE device = ?), 0))"
          + " WHERE device = ''";

  private QueueRevision() {}

  /** The present revision. */
  static long of(Sql sql, String device) throws SQLException {
    return sql.first(
            "SELECT revision FROM command_queue WHERE device = ?", row -> row.getLong(1), device)
        .orElse(0L);
  }

  /** Begins the queues of devices that are registered: a JSON array of ids. */
  static void devicesRegistered(Sql sql, String devices) throws SQLException {
    sql.update(REGISTERED, devices);
  }

  /** Ends the queue of a device that is deleted, so that its revisions fit no later one. */
  static void deviceDeleted(Sql sql, String device) throws SQLException {
    sql.update(DELETED, device);
    sql.update("DELETE FROM command_queue WHERE device = ?", device);
  }

  /** Raises the revision if it is the expected one, with one statement. */
  static AppendResult advance(Sql sql, String device, long revision) throws SQLException {
    if (sql.update(ADVANCE, device, revision) == 1) {
      return new AppendResult.Appended(revision + 1);
    }
    long present = of(sql, device);
    // Equal only if the device is not registered: then its commands can only end.
    return present == revision
        ? new AppendResult.Appended(revision)
        : new AppendResult.Conflict(present);
  }
}
