package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units of readings that arrive while what is known of the device is looked up. */
@SuppressWarnings("NullAway.Init") // set before each test
class MetricUnitsTest {
  private static final NewDevice DEVICE = new NewDevice("v-1", null, null, Map.of(), null);

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger lookUps = new AtomicInteger();

  /** What look-ups of units wait for. */
  private volatile Promise<Void> gate = Promise.promise();

  private SqliteDatabase database;
  private DescriptionStore store;
  private DeviceRegistry registry;
  private MetricUnits units;

  @BeforeEach
  void open() {
    database = TestDatabase.open(directory);
    ManualClock clock = new ManualClock(1_000);
    registry =
        new DeviceRegistry(new SqliteDeviceStore(database), Topic.of(vertx, "devices"), clock);
    registry.beforeReuse(id -> registry.deletionOver(id));
    store = new SqliteDescriptionStore(database);
    units = new MetricUnits(gated(), registry, clock);
    answer(registry.register(DEVICE));
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(vertx.close());
  }

  private DescriptionStore gated() {
    return (DescriptionStore)
        Proxy.newProxyInstance(
            DescriptionStore.class.getClassLoader(),
            new Class<?>[] {DescriptionStore.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      Object result = method.invoke(store, arguments);
      if (!method.getName().equals("units")) {
        return result;
      }
      lookUps.incrementAndGet();
      return gate.future().compose(open -> (Future<?>) result);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  @Test
  void messages_that_arrive_during_the_look_up_share_it() {
    for (int i = 0; i < 100; i++) {
      units.note("v-1", Map.of("flow", "m3/s", "m" + i, "count"));
    }
    assertThat(lookUps).hasValue(1);

    gate.complete();

    await().until(() -> answer(store.units("v-1")).size() == 101);
    assertThat(answer(units.of("v-1"))).isEqualTo(answer(store.units("v-1")));
  }

  @Test
  void units_of_a_device_that_was_deleted_during_the_look_up_are_not_those_of_its_successor() {
    units.note("v-1", Map.of("flow", "m3/s"));
    answer(registry.delete("v-1"));
    gate.complete();
    answer(registry.register(DEVICE));
    assertThat(answer(units.of("v-1"))).isEmpty();

    units.note("v-1", Map.of("flow", "m3/s"));

    await().until(() -> answer(store.units("v-1")).equals(Map.of("flow", "m3/s")));
  }
}
