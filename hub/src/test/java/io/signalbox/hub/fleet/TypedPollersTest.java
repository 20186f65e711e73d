package io.signalbox.hub.fleet;

import static io.signalbox.hub.json.TestJson.json;
import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pollers whose device type says which silence means offline. */
@SuppressWarnings("NullAway.Init") // set before each test
class TypedPollersTest {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  @TempDir Path directory;
  @TempDir Path typeDirectory;
  private final Vertx vertx = Vertx.vertx();
  private FleetFixture fixture;
  private SqliteDatabase database;
  private DeviceTypes types;
  private TypedDevices typed;

  @BeforeEach
  void open() {
    fixture = new FleetFixture(directory);
    database = SqliteDatabase.open(typeDirectory, SqliteDeviceTypeStore.SCHEMA);
    ManualClock clock = new ManualClock(1_000);
    types = new DeviceTypes(new SqliteDeviceTypeStore(database), Topic.of(vertx, "types"), clock);
    answer(types.open(vertx));
    SqliteDescriptionStore described = new SqliteDescriptionStore(database);
    typed =
        new TypedDevices(
            fixture.registry,
            types,
            new DeviceDescriptions(described, fixture.registry, clock),
            new MetricUnits(described, fixture.registry, clock));
    fixture.sessions.silenceBy(typed);
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(vertx.close());
    fixture.close();
  }

  @Test
  void a_type_decides_after_which_silence_a_poller_is_offline() {
    define("meter", "{\"offlineAfter\":86400}");
    define("button", "{\"offlineAfter\":90}");
    define("plain", "{}");
    asleep("m", "meter");
    asleep("b", "button");
    asleep("p", "plain");

    pass(MINUTE + 16_000);
    assertThat(state("m")).isEqualTo(State.OVERDUE);
    assertThat(state("b")).isEqualTo(State.OVERDUE);
    pass(20_000);
    becomesOffline("b");
    assertThat(state("p")).isEqualTo(State.OVERDUE);

    pass(10 * MINUTE);
    becomesOffline("p");
    pass(22 * HOUR);
    assertThat(state("m")).isEqualTo(State.OVERDUE);
    pass(2 * HOUR);
    becomesOffline("m");
  }

  @Test
  void a_poller_that_returns_is_asleep_again() {
    define("button", "{\"offlineAfter\":90}");
    Session session = asleep("b", "button");
    pass(MINUTE + 16_000);
    assertThat(state("b")).isEqualTo(State.OVERDUE);

    assertThat(fixture.sessions.markAsleep(session, fixture.clock.get() + MINUTE)).isTrue();
    pass(50_000);
    assertThat(state("b")).isEqualTo(State.ASLEEP);
  }

  @Test
  void a_changed_type_and_another_type_apply_to_pollers_that_are_overdue_already() {
    define("meter", "{\"offlineAfter\":7200}");
    define("button", "{\"offlineAfter\":7200}");
    define("patient", "{\"offlineAfter\":86400}");
    asleep("m", "meter");
    asleep("b", "button");
    pass(30 * MINUTE);
    assertThat(state("m")).isEqualTo(State.OVERDUE);

    define("meter", "{\"offlineAfter\":86400}");
    answer(fixture.registry.update("b", DevicePatch.NOTHING.withType("patient")));
    pass(5 * HOUR);
    assertThat(state("m")).isEqualTo(State.OVERDUE);
    assertThat(state("b")).isEqualTo(State.OVERDUE);

    define("meter", "{\"offlineAfter\":7200}");
    becomesOffline("m");
  }

  @Test
  void while_the_type_cannot_be_read_a_poller_is_overdue() {
    define("meter", "{\"offlineAfter\":86400}");
    asleep("m", "meter");
    answer(database.close());

    pass(2 * MINUTE);
    await().until(() -> typed.rulesOf("m").failed());
    pass(HOUR);

    assertThat(state("m")).isEqualTo(State.OVERDUE);
  }

  private void define(String name, String document) {
    answer(types.put(name, json(document), Precondition.NONE, "ann"));
  }

  private Session asleep(String device, String type) {
    answer(fixture.registry.register(new NewDevice(device, null, type, Map.of(), null)));
    Session session =
        answer(fixture.sessions.open(device, Transport.HTTP, "10.0.0.7", cause -> {}));
    assertThat(fixture.sessions.markAsleep(session, fixture.clock.get() + MINUTE)).isTrue();
    return session;
  }

  private void pass(long millis) {
    // A gap of more than 30 seconds would count as a pause of the hub.
    for (long gone = 0; gone < millis; gone += 25_000) {
      fixture.clock.addAndGet(Math.min(25_000, millis - gone));
      fixture.sessions.sweep();
    }
  }

  /** The type of a poller is looked up once it is overdue; a later sweep uses it. */
  private void becomesOffline(String device) {
    await()
        .until(
            () -> {
              fixture.sessions.sweep();
              return state(device) == State.OFFLINE;
            });
  }

  private State state(String device) {
    return fixture.sessions.presence().of(device).state();
  }
}
