package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.sqlite.Schema;
import io.signalbox.hub.store.sqlite.Sql;
import java.sql.SQLException;

/**
 * Schema of the fleet's tables. Deleting a device deletes its session, twin, history and
 * description.
 */
public final class FleetSchema {
  /** Migration steps of the tables. */
  public static final Schema SCHEMA =
      Schema.of(
          "fleet",
          """
          -- labels: a JSON object with its keys in order; title and search: lower case, for lists
          CREATE TABLE device (
            id       TEXT PRIMARY KEY,
            name     TEXT,
            type     TEXT,
            labels   TEXT NOT NULL,
            enabled  INTEGER NOT NULL,
            created  INTEGER NOT NULL,
            key_hash BLOB NOT NULL UNIQUE,
            title    TEXT NOT NULL,
            search   TEXT NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX device_by_title ON device (title, id);
          CREATE INDEX device_by_created ON device (created, id);
          CREATE INDEX device_by_type ON device (type, id);

          -- one row for each device that was ever here; AUTOINCREMENT never gives an epoch twice
          CREATE TABLE session (
            epoch     INTEGER PRIMARY KEY AUTOINCREMENT,
            device    TEXT NOT NULL UNIQUE REFERENCES device (id) ON DELETE CASCADE,
            state     TEXT NOT NULL,
            since     INTEGER NOT NULL,
            cause     TEXT NOT NULL,
            transport TEXT NOT NULL,
            address   TEXT NOT NULL
          );
          CREATE INDEX session_by_state ON session (state, device);

          CREATE TABLE twin (
            device           TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            desired_version  INTEGER NOT NULL,
            desired          TEXT NOT NULL,
            reported_version INTEGER NOT NULL,
            reported         TEXT NOT NULL,
            changed          INTEGER NOT NULL,
            changed_by       TEXT NOT NULL
          );
          """,
          """
          -- of pollers between two polls: when they were heard, and when they want to come again
          ALTER TABLE session ADD COLUMN contact INTEGER;
          ALTER TABLE session ADD COLUMN expected INTEGER;
          """,
          """
          -- who changed what of a twin; the newest of each side, as many as are to be kept
          CREATE TABLE twin_change (
            place   INTEGER PRIMARY KEY,
            device  TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
            side    TEXT NOT NULL,
            version INTEGER NOT NULL,
            ts      INTEGER NOT NULL,
            by      TEXT NOT NULL,
            patch   TEXT NOT NULL,
            UNIQUE (device, side, version)
          );
          """,
          """
          -- devices that were deleted and of which other stores may still keep something
          CREATE TABLE deletion (
            number  INTEGER PRIMARY KEY AUTOINCREMENT,
            device  TEXT NOT NULL UNIQUE,
            settled INTEGER NOT NULL
          );
          """,
          """
          -- ids that differ in case only are told of when the second one is registered
          CREATE INDEX device_by_id_in_any_case ON device (id COLLATE NOCASE);
          """,
          """
          -- what devices say of themselves: compact JSON; the newest versions of each
          CREATE TABLE description (
            device   TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
            version  INTEGER NOT NULL,
            ts       INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (device, version)
          ) WITHOUT ROWID;

          -- the unit that readings of a metric have named, as in SenML
          CREATE TABLE metric_unit (
            device TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
            metric TEXT NOT NULL,
            unit   TEXT NOT NULL,
            PRIMARY KEY (device, metric)
          ) WITHOUT ROWID;
          """,
          """
          -- the node that holds the session; empty until the node that owns this file has started
          ALTER TABLE session ADD COLUMN node TEXT NOT NULL DEFAULT '';
          """);

  private FleetSchema() {}

  /** Throws {@code UNKNOWN_DEVICE} if the device is not registered. */
  static void requireDevice(Sql sql, String device) throws SQLException {
    if (sql.number("SELECT count(*) FROM device WHERE id = ?", device) == 0) {
      throw unknown(device);
    }
  }

  static Refusal unknown(String device) {
    return new Refusal(Refusal.ErrorCode.UNKNOWN_DEVICE, "there is no device " + device);
  }
}
