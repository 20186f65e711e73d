package io.signalbox.hub.fleet;

import static io.signalbox.hub.json.TestJson.json;
import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units of a page of devices are found with a few statements, those of one are cached. */
@SuppressWarnings("NullAway.Init") // set before each test
class UnitsOfManyDevicesTest {
  private static final int PAGE = 1_000;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private SqliteDatabase database;
  private DeviceTypes types;
  private DeviceDescriptions descriptions;
  private MetricUnits units;
  private TypedDevices typed;
  private List<Device> page;

  @BeforeEach
  void open() {
    database = TestDatabase.open(directory);
    ManualClock clock = new ManualClock(1_000);
    DeviceRegistry registry =
        new DeviceRegistry(new SqliteDeviceStore(database), Topic.of(vertx, "devices"), clock);
    SqliteDescriptionStore store = new SqliteDescriptionStore(database);
    types = new DeviceTypes(new SqliteDeviceTypeStore(database), Topic.of(vertx, "types"), clock);
    descriptions = new DeviceDescriptions(store, registry, clock);
    units = new MetricUnits(store, registry, clock);
    typed = new TypedDevices(registry, types, descriptions, units);
    answer(types.open(vertx));
    answer(descriptions.open(vertx));
    List<NewDevice> devices =
        IntStream.range(0, PAGE)
            .mapToObj(
                i -> new NewDevice("d-" + i, null, i % 2 == 0 ? "valve" : null, Map.of(), null))
            .toList();
    answer(registry.registerAll(devices));
    page = devices.stream().map(device -> answer(registry.get(device.id()))).toList();
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(vertx.close());
  }

  /** The units of the page, found with at most so many statements. */
  private DeviceUnits units(long statements) {
    long before = database.statements();
    DeviceUnits found = answer(typed.unitsOf(page));
    assertThat(database.statements() - before).isLessThanOrEqualTo(statements);
    return found;
  }

  @Test
  void where_nothing_is_described_one_statement_says_so() {
    assertThat(units(1).of(page.getFirst())).isEmpty();
  }

  @Test
  void a_fleet_that_describes_itself_takes_two_statements_and_one_for_each_new_type() {
    for (int i = 0; i < PAGE; i += 3) {
      String described =
          "{\"serial\":\"%d\",\"metrics\":{\"flow\":{\"unit\":\"m3/h\"},\"level\":{\"unit\":\"m\"}}}"
              .formatted(i);
      answer(descriptions.put("d-" + i, described));
    }
    answer(
        types.put(
            "valve",
            json("{\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}"),
            Precondition.NONE,
            "a"));
    answer(new SqliteDescriptionStore(database).putUnits("d-3", Map.of("level", "cm", "t", "Cel")));

    DeviceUnits found = units(3);

    assertThat(found.of(page.get(0))).isEqualTo(Map.of("flow", "L/min", "level", "m"));
    assertThat(found.of(page.get(1))).isEmpty();
    assertThat(found.of(page.get(2))).isEqualTo(Map.of("flow", "L/min"));
    assertThat(found.of(page.get(3))).isEqualTo(Map.of("flow", "m3/h", "level", "m", "t", "Cel"));
    assertThat(answer(typed.unitsOf(page.get(3)))).isEqualTo(found.of(page.get(3)));
    assertThat(units(2)).isEqualTo(found);
  }

  @Test
  void units_that_readings_have_just_named_count() {
    units.note("d-5", Map.of("flow", "m3/s"));
    DescriptionStore store = new SqliteDescriptionStore(database);
    await().until(() -> !answer(store.units("d-5")).isEmpty());

    assertThat(units(1).of(page.get(5))).isEqualTo(Map.of("flow", "m3/s"));
  }

  @Test
  void the_units_of_one_device_take_no_statement_until_something_has_changed() {
    Device device = page.getFirst();
    define("{\"metrics\":{\"flow\":{\"unit\":\"L/min\"},\"level\":{}}}");
    describe("{\"metrics\":{\"flow\":{\"unit\":\"m3/h\"},\"level\":{\"unit\":\"m\"}}}");
    answer(
        new SqliteDescriptionStore(database)
            .putUnits("d-0", Map.of("flow", "kg", "level", "cm", "t", "Cel")));
    assertThat(answer(typed.unitsOf(device)))
        .isEqualTo(Map.of("flow", "L/min", "level", "m", "t", "Cel"));

    assertCached(device, Map.of("flow", "L/min", "level", "m", "t", "Cel"));

    define("{\"metrics\":{\"flow\":{\"unit\":\"L/s\"}}}");
    assertThat(answer(typed.unitsOf(device)))
        .isEqualTo(Map.of("flow", "L/s", "level", "m", "t", "Cel"));
    describe("{\"metrics\":{\"level\":{\"unit\":\"mm\"}}}");
    assertThat(answer(typed.unitsOf(device)))
        .isEqualTo(Map.of("flow", "L/s", "level", "mm", "t", "Cel"));
    units.note("d-0", Map.of("t", "Cel", "p", "bar"));
    assertThat(answer(typed.unitsOf(device)))
        .isEqualTo(Map.of("flow", "L/s", "level", "mm", "t", "Cel", "p", "bar"));
    answer(types.delete("valve", Precondition.NONE, "a"));
    assertThat(answer(typed.unitsOf(device)))
        .isEqualTo(Map.of("flow", "kg", "level", "mm", "t", "Cel", "p", "bar"));
  }

  private void assertCached(Device device, Map<String, String> expected) {
    long before = database.statements();
    assertThat(answer(typed.unitsOf(device))).isEqualTo(expected);
    assertThat(database.statements()).isEqualTo(before);
  }

  private void define(String valve) {
    answer(types.put("valve", json(valve), Precondition.NONE, "a"));
  }

  private void describe(String said) {
    answer(descriptions.put("d-0", said));
  }
}
