package io.signalbox.hub.store.sqlite.fleet;

import io.signalbox.hub.fleet.DescriptionStore;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.fleet.LabelJson;
import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Store of devices' descriptions of themselves in {@code hub.db}. */
public final class SqliteDescriptionStore implements DescriptionStore {
  private static final String NEWEST =
      "SELECT version, ts, document FROM description WHERE device = ?";
  private static final String UNITS =
      "SELECT device, metric, unit FROM metric_unit"
          + " WHERE device IN (SELECT value FROM json_each(?))";

  /** CROSS JOIN keeps the order of the tables: one look-up for each device. */
  private static final String DESCRIBED_UNITS =
      "SELECT description.device, metric.key, json_extract(metric.value, '$.unit') AS unit"
          + " FROM json_each(?) AS id"
          + " CROSS JOIN description ON description.device = id.value AND version ="
          + " (SELECT max(version) FROM description WHERE device = id.value)"
          + " CROSS JOIN json_each(description.document, '$.metrics') AS metric"
          + " WHERE unit IS NOT NULL";

  private final SqliteDatabase database;

  /** A store on a database that was opened with {@link FleetSchema#SCHEMA}. */
  public SqliteDescriptionStore(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Optional<StoredDescription>> find(String device) {
    return database.read(
        sql -> {
          Optional<StoredDescription> found = newest(sql, device);
          if (found.isEmpty()) {
            FleetSchema.requireDevice(sql, device);
          }
          return found;
        });
  }

  @Override
  public Future<Saved> put(String device, String document, long at, Consumer<Saved> committed) {
    return database.write(sql -> put(sql, device, document, at), committed);
  }

  @Override
  public Future<Page<StoredDescription>> versions(
      String device, @Nullable String cursor, int limit) {
    return database.list(sql -> versions(sql, device, cursor, limit));
  }

  @Override
  public Future<Map<String, String>> units(String device) {
    return database.read(
        sql -> {
          Map<String, String> units = new HashMap<>();
          sql.query(
              "SELECT metric, unit FROM metric_unit WHERE device = ?",
              row -> units.put(row.getString(1), row.getString(2)),
              device);
          return Map.copyOf(units);
        });
  }

  @Override
  public Future<Map<String, Map<String, String>>> units(Collection<String> devices) {
    return database.list(sql -> byDevice(sql, UNITS, devices));
  }

  @Override
  public Future<Map<String, Map<String, String>>> describedUnits(Collection<String> devices) {
    return database.list(sql -> byDevice(sql, DESCRIBED_UNITS, devices));
  }

  private static Map<String, Map<String, String>> byDevice(
      Sql sql, String query, Collection<String> devices) throws SQLException {
    Map<String, Map<String, String>> units = new HashMap<>();
    sql.query(
        query,
        row ->
            units
                .computeIfAbsent(row.getString(1), device -> new HashMap<>())
                .put(row.getString(2), row.getString(3)),
        Json.of(devices).toString());
    return units;
  }

  @Override
  public Future<Void> putUnits(String device, Map<String, String> units) {
    return database.write(sql -> putUnits(sql, device, units)).mapEmpty();
  }

  private static int putUnits(Sql sql, String device, Map<String, String> units)
      throws SQLException {
    int changed = 0;
    for (Map.Entry<String, String> unit : units.entrySet()) {
      changed +=
          sql.update(
              "INSERT OR REPLACE INTO metric_unit SELECT id, ?, ? FROM device WHERE id = ?",
              unit.getKey(),
              unit.getValue(),
              device);
    }
    return changed;
  }

  @Override
  public Future<Boolean> isEmpty() {
    return database.read(sql -> sql.number("SELECT EXISTS (SELECT 1 FROM description)") == 0);
  }

  private static Saved put(Sql sql, String device, String document, long at) throws SQLException {
    Map<String, String> labels = labels(sql, device);
    Optional<StoredDescription> present = newest(sql, device);
    if (present.isPresent() && present.get().document().equals(document)) {
      return new Saved(present.get(), false, labels);
    }
    long version = present.map(StoredDescription::version).orElse(0L) + 1;
    sql.update("INSERT INTO description VALUES (?, ?, ?, ?)", device, version, at, document);
    sql.update(
        "DELETE FROM description WHERE device = ? AND version <= ?",
        device,
        version - KEPT_VERSIONS);
    return new Saved(new StoredDescription(version, at, document), true, labels);
  }

  private static Page<StoredDescription> versions(
      Sql sql, String device, @Nullable String cursor, int limit) throws SQLException {
    FleetSchema.requireDevice(sql, device);
    List<StoredDescription> found =
        sql.query(
            NEWEST + " AND version < ? ORDER BY version DESC LIMIT ?",
            SqliteDescriptionStore::description,
            device,
            Paging.after(cursor, Long.MAX_VALUE),
            limit + 1);
    return Paging.page(
        found,
        limit,
        Function.identity(),
        description -> Paging.cursor(description.version()),
        sql.number("SELECT count(*) FROM description WHERE device = ?", device));
  }

  private static Optional<StoredDescription> newest(Sql sql, String device) throws SQLException {
    return sql.first(
        NEWEST + " ORDER BY version DESC LIMIT 1", SqliteDescriptionStore::description, device);
  }

  private static Map<String, String> labels(Sql sql, String device) throws SQLException {
    return sql.first(
            "SELECT labels FROM device WHERE id = ?",
            row -> LabelJson.parse(row.getString(1)),
            device)
        .orElseThrow(() -> FleetSchema.unknown(device));
  }

  private static StoredDescription description(ResultSet row) throws SQLException {
    return new StoredDescription(row.getLong(1), row.getLong(2), row.getString(3));
  }
}
