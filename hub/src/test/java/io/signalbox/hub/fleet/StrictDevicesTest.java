package io.signalbox.hub.fleet;

import static io.signalbox.hub.json.TestJson.json;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for readings of devices, and the stamps that say when to look them up again. */
@SuppressWarnings("NullAway.Init") // set before each test
class StrictDevicesTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private SqliteDatabase database;
  private DeviceRegistry registry;
  private DeviceTypes types;
  private DeviceDescriptions descriptions;
  private StrictDevices strict;
  private Device device;

  @BeforeEach
  void open() {
    database = TestDatabase.open(directory);
    ManualClock clock = new ManualClock(1_000);
    registry =
        new DeviceRegistry(new SqliteDeviceStore(database), Topic.of(vertx, "devices"), clock);
    types = new DeviceTypes(new SqliteDeviceTypeStore(database), Topic.of(vertx, "types"), clock);
    descriptions = new DeviceDescriptions(new SqliteDescriptionStore(database), registry, clock);
    strict = new StrictDevices(registry, types, descriptions);
    answer(registry.start());
    answer(types.open(vertx));
    answer(descriptions.open(vertx));
    device =
        answer(registry.register(new NewDevice("v-1", null, "valve", Map.of(), null))).device();
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(vertx.close());
  }

  private void define(String name, String document) {
    answer(types.put(name, json(document), Precondition.NONE, "ann"));
  }

  @Test
  void only_a_type_that_tags_or_refuses_makes_its_devices_strict() {
    define("valve", "{\"metrics\":{\"flow\":{}}}");
    assertThat(strict.isEmpty()).isTrue();
    int before = strict.stamp("v-1");

    define("valve", "{\"strict\":\"tag\",\"metrics\":{\"flow\":{}}}");
    assertThat(strict.isEmpty()).isFalse();
    assertThat(strict.stamp("v-1")).isNotEqualTo(before);
    assertThat(answer(strict.rulesOf("v-1"))).isPresent();
    assertThat(answer(strict.rulesOf(device))).isPresent();
    answer(registry.register(new NewDevice("p-1", null, "pump", Map.of(), null)));
    assertThat(answer(strict.rulesOf("p-1"))).isEmpty();

    answer(types.delete("valve", Precondition.NONE, "ann"));
    assertThat(strict.isEmpty()).isTrue();
    assertThat(answer(strict.rulesOf("v-1"))).isEmpty();
  }

  @Test
  void changes_of_types_that_are_not_strict_leave_the_stamps() {
    define("valve", "{\"strict\":\"tag\"}");
    int before = strict.stamp("v-1");

    define("pump", "{}");
    define("pump", "{\"description\":\"a pump\"}");

    assertThat(strict.stamp("v-1")).isEqualTo(before);
  }

  @Test
  void the_stamp_has_changed_when_a_change_succeeds() {
    define("valve", "{\"strict\":\"refuse\"}");
    int stamp = strict.stamp("v-1");

    define("valve", "{\"strict\":\"refuse\",\"metrics\":{\"flow\":{}}}");
    assertThat(strict.stamp("v-1")).isNotEqualTo(stamp);
    stamp = strict.stamp("v-1");

    answer(descriptions.put("v-1", "{\"metrics\":{\"level\":{}}}"));
    assertThat(strict.stamp("v-1")).isNotEqualTo(stamp);
    stamp = strict.stamp("v-1");

    answer(registry.update("v-1", DevicePatch.NOTHING.withLabel("site", "ghent")));
    assertThat(strict.stamp("v-1")).isNotEqualTo(stamp);
    stamp = strict.stamp("v-1");

    answer(registry.delete("v-1"));
    assertThat(strict.stamp("v-1")).isNotEqualTo(stamp);
    assertThat(refusal(strict.rulesOf("v-1")).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
  }

  @Test
  void a_failed_look_up_is_refused_for_now_and_not_remembered() {
    define("valve", "{\"strict\":\"refuse\"}");
    answer(database.close());

    Refusal refused = refusal(strict.rulesOf("v-1"));

    assertThat(refused.kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refused.retryAfter()).isPositive();
    assertThat(refusal(strict.rulesOf(device)).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void strict_types_are_known_after_a_restart() {
    define("valve", "{\"strict\":\"tag\"}");
    DeviceTypes reopened =
        new DeviceTypes(
            new SqliteDeviceTypeStore(database), Topic.of(vertx, "types"), new ManualClock(1_000));
    StrictDevices restarted = new StrictDevices(registry, reopened, descriptions);

    answer(reopened.open(vertx));

    assertThat(restarted.isEmpty()).isFalse();
    assertThat(answer(restarted.rulesOf("v-1"))).isPresent();
  }
}
