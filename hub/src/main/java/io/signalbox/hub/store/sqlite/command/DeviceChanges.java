package io.signalbox.hub.store.sqlite.command;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.SQLException;
import java.util.List;

/**
 * What the registration and the deletion of a device change in the tables of commands; part of the
 * transaction that registers or deletes the device.
 *
 * <p>Threading: the thread that runs the transaction.
 */
public final class DeviceChanges {
  static final String DROP_TRIGGERS =
      """
      -- the transactions themselves do what the triggers did
      DROP TRIGGER command_queue_of_deleted_device;
      DROP TRIGGER command_token_of_deleted_device;
      DROP TRIGGER command_of_former_device
      """;

  private static final String FLOORS =
      "INSERT INTO command_floor SELECT value, (SELECT max(place) FROM command WHERE device = value)"
          + " FROM json_each(?) WHERE EXISTS (SELECT 1 FROM command WHERE device = value)";

  private DeviceChanges() {}

  /** Begins the queues of the devices, and their lists after the last commands of former ones. */
  public static void registered(Sql sql, List<String> devices) throws SQLException {
    String ids = Json.of(devices).toString();
    QueueRevision.devicesRegistered(sql, ids);
    sql.update(FLOORS, ids);
  }

  /** Ends the queue of the device and deletes the idempotency keys of its commands. */
  public static void deleted(Sql sql, String device) throws SQLException {
    QueueRevision.deviceDeleted(sql, device);
    sql.update("UPDATE command SET token = NULL WHERE device = ? AND token IS NOT NULL", device);
  }
}
