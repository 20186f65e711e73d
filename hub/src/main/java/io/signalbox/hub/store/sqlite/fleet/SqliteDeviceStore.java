package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.fleet.DeviceText;
import io.signalbox.hub.store.fleet.LabelJson;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.command.DeviceChanges;
import io.signalbox.hub.store.sqlite.job.ExecutionTransitions;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Store of devices and deletions in {@code hub.db}. It also changes the tables of commands and of
 * jobs; foreign keys delete a device's rows in the other tables.
 */
public final class SqliteDeviceStore implements DeviceStore {
  static final String COLUMNS = "id, name, type, labels, enabled, created";
  private static final String BY_ID = "SELECT " + COLUMNS + " FROM device WHERE id = ?";
  private static final String TYPE = "SELECT type FROM device WHERE id = ?";
  private static final String BY_KEY = "SELECT " + COLUMNS + " FROM device WHERE key_hash = ?";

  private static final String IN_OTHER_CASE =
      "SELECT id FROM device WHERE id = ? COLLATE NOCASE AND id <> ? ORDER BY id LIMIT 1";

  private final SqliteDatabase database;

  /**
   * A store on a database that was opened with {@link FleetSchema#SCHEMA} and the schemas of
   * commands and jobs.
   */
  public SqliteDeviceStore(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Future<List<Insertion>> insert(List<Entry> entries, Consumer<List<Insertion>> committed) {
    return database.write(sql -> insert(sql, entries), committed);
  }

  @Override
  public Future<Optional<Device>> find(String id) {
    return database.read(sql -> sql.first(BY_ID, SqliteDeviceStore::device, id));
  }

  @Override
  public Future<Map<String, String>> differingInCase(List<String> ids) {
    return database.list(sql -> differingInCase(sql, ids));
  }

  private static Map<String, String> differingInCase(Sql sql, List<String> ids)
      throws SQLException {
    Map<String, String> others = new HashMap<>();
    for (String id : ids) {
      Optional<String> other = sql.first(IN_OTHER_CASE, row -> row.getString(1), id, id);
      other.ifPresent(found -> others.put(id, found));
    }
    return others;
  }

  @Override
  public Future<Set<Optional<String>>> typesOf(List<String> ids) {
    return database.list(sql -> typesOf(sql, ids));
  }

  private static Set<Optional<String>> typesOf(Sql sql, List<String> ids) throws SQLException {
    Set<Optional<String>> types = new HashSet<>();
    for (String id : ids) {
      sql.first(TYPE, row -> Optional.ofNullable(row.getString(1)), id).ifPresent(types::add);
    }
    return types;
  }

  @Override
  public Future<Optional<Device>> findByKey(KeyHash key) {
    return database.read(sql -> sql.first(BY_KEY, SqliteDeviceStore::device, key.bytes()));
  }

  @Override
  public Future<Page<Device>> list(DeviceQuery query) {
    return database.list(sql -> new DevicePageQuery(query).read(sql));
  }

  @Override
  public Future<Device> update(String id, DevicePatch patch, Consumer<Device> committed) {
    return database.write(sql -> update(sql, id, patch), committed);
  }

  @Override
  public Future<Void> rekey(String id, KeyHash key, Consumer<Device> committed) {
    return database.write(sql -> rekey(sql, id, key), committed).mapEmpty();
  }

  @Override
  public Future<Void> delete(String id, Runnable committed) {
    return database.writeAlways(sql -> delete(sql, id), rows -> committed.run()).mapEmpty();
  }

  private static int delete(Sql sql, String id) throws SQLException {
    int deleted = require(sql.update("DELETE FROM device WHERE id = ?", id), id);
    DeletionRows.insert(sql, id);
    DeviceChanges.deleted(sql, id);
    ExecutionTransitions.deviceDeleted(sql, id);
    return deleted;
  }

  @Override
  public Future<Optional<DeletionRecord>> deletion(String id) {
    return database.read(sql -> DeletionRows.find(sql, id));
  }

  @Override
  public Future<List<DeletionRecord>> deletions(long after, int limit) {
    return database.list(sql -> DeletionRows.after(sql, after, limit));
  }

  @Override
  public Future<Void> deletionSettled(String id) {
    return database.writeAlways(sql -> DeletionRows.settle(sql, id)).mapEmpty();
  }

  @Override
  public Future<Void> deletionOver(String id) {
    return database.writeAlways(sql -> DeletionRows.delete(sql, id)).mapEmpty();
  }

  @Override
  public Future<Long> count() {
    return database.list(sql -> sql.number("SELECT count(*) FROM device"));
  }

  static Device device(ResultSet row) throws SQLException {
    return new Device(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        LabelJson.parse(row.getString(4)),
        row.getBoolean(5),
        row.getLong(6));
  }

  private static List<Insertion> insert(Sql sql, List<Entry> entries) throws SQLException {
    List<Insertion> insertions = new ArrayList<>(entries.size());
    List<String> registered = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      Insertion insertion = insert(sql, entry);
      insertions.add(insertion);
      if (insertion == Insertion.DONE) {
        registered.add(entry.device().id());
      }
    }
    if (!registered.isEmpty()) {
      DeviceChanges.registered(sql, registered);
    }
    return insertions;
  }

  private static Insertion insert(Sql sql, Entry entry) throws SQLException {
    Device device = entry.device();
    int inserted =
        sql.update(
            "INSERT INTO device SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?"
                + " WHERE NOT EXISTS (SELECT 1 FROM deletion WHERE device = ?)"
                + " ON CONFLICT DO NOTHING",
            device.id(),
            device.name(),
            device.type(),
            LabelJson.of(device.labels()),
            device.enabled(),
            device.created(),
            entry.key().bytes(),
            DeviceText.title(device),
            DeviceText.search(device),
            device.id());
    return inserted == 1 ? Insertion.DONE : conflict(sql, device.id());
  }

  private static Insertion conflict(Sql sql, String id) throws SQLException {
    if (sql.first(BY_ID, SqliteDeviceStore::device, id).isPresent()) {
      return Insertion.ID_TAKEN;
    }
    return DeletionRows.find(sql, id).isPresent() ? Insertion.BEING_DELETED : Insertion.KEY_TAKEN;
  }

  private static Device update(Sql sql, String id, DevicePatch patch) throws SQLException {
    Optional<Device> present = sql.first(BY_ID, SqliteDeviceStore::device, id);
    Device changed = patch.applyTo(present.orElseThrow(() -> FleetSchema.unknown(id)));
    sql.update(
        "UPDATE device SET name = ?, type = ?, labels = ?, enabled = ?, title = ?, search = ?"
            + " WHERE id = ?",
        changed.name(),
        changed.type(),
        LabelJson.of(changed.labels()),
        changed.enabled(),
        DeviceText.title(changed),
        DeviceText.search(changed),
        id);
    return changed;
  }

  private static Device rekey(Sql sql, String id, KeyHash key) throws SQLException {
    Optional<Device> owner = sql.first(BY_KEY, SqliteDeviceStore::device, key.bytes());
    if (owner.isPresent() && !owner.get().id().equals(id)) {
      throw new Refusal(Refusal.ErrorCode.INVALID, "key", "key is already used by another device");
    }
    Device device =
        sql.first(BY_ID, SqliteDeviceStore::device, id).orElseThrow(() -> FleetSchema.unknown(id));
    sql.update("UPDATE device SET key_hash = ? WHERE id = ?", key.bytes(), id);
    return device;
  }

  private static int require(int changed, String id) {
    if (changed == 0) {
      throw FleetSchema.unknown(id);
    }
    return changed;
  }
}
