package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.keys.LookupCache;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with one store and common topics: neither uses what the other has made stale. */
@SuppressWarnings("NullAway.Init") // set before each test
class RegistryOnTwoNodesTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final ManualClock clock = new ManualClock(1_000_000);
  private final Topic<Event.DeviceChanged> changes = Topic.of(vertx, "devices");
  private SqliteDatabase database;
  private Node here;
  private Node there;
  private String key;

  /** What a node knows of devices. */
  private record Node(
      DeviceRegistry registry, DeviceDescriptions descriptions, MetricUnits units) {}

  @BeforeEach
  void open() {
    database = TestDatabase.open(directory);
    here = node();
    there = node();
    key = register();
  }

  private Node node() {
    SqliteDescriptionStore described = new SqliteDescriptionStore(database);
    DeviceRegistry registry = new DeviceRegistry(new SqliteDeviceStore(database), changes, clock);
    registry.beforeReuse(registry::deletionOver);
    Node node =
        new Node(
            registry,
            new DeviceDescriptions(described, registry, clock),
            new MetricUnits(described, registry, clock));
    answer(registry.start());
    answer(node.descriptions().open(vertx));
    return node;
  }

  private String register() {
    return answer(here.registry().register(new NewDevice("pump-7", null, "pump", Map.of(), null)))
        .key();
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(vertx.close());
  }

  @Test
  void a_replaced_key_is_refused_by_the_other_node_too() {
    answer(there.registry().authenticate(key));

    String next = answer(here.registry().newKey("pump-7", null));

    assertThat(refusal(there.registry().authenticate(key)).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(answer(there.registry().formerHolder(key))).isEqualTo("pump-7");
    assertThat(answer(there.registry().authenticate(next)).id()).isEqualTo("pump-7");
  }

  @Test
  void a_disabled_device_is_refused_by_the_other_node_too() {
    answer(there.registry().authenticate(key));

    answer(here.registry().update("pump-7", DevicePatch.NOTHING.withEnabled(false)));

    assertThat(refusal(there.registry().authenticate(key)).kind()).isEqualTo(ErrorCode.DISABLED);
  }

  @Test
  void a_deleted_device_is_unknown_to_the_other_node_too() {
    answer(there.registry().authenticate(key));
    assertThat(answer(there.registry().typeOf("pump-7"))).contains("pump");
    assertThat(there.registry().count()).isEqualTo(1);

    answer(here.registry().delete("pump-7"));

    assertThat(refusal(there.registry().authenticate(key)).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refusal(there.registry().typeOf("pump-7")).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(there.registry().count()).isZero();
  }

  @Test
  void a_description_that_came_to_the_other_node_holds_here() {
    assertThat(here.descriptions().isEmpty()).isTrue();
    answer(there.descriptions().put("pump-7", "{\"metrics\":{\"flow\":{\"unit\":\"l/s\"}}}"));

    assertThat(here.descriptions().isEmpty()).isFalse();
    assertThat(answer(here.descriptions().complete("pump-7", Optional.empty()))).isPresent();

    answer(there.descriptions().put("pump-7", "{\"commands\":{\"stop\":{}}}"));
    assertThat(
            answer(here.descriptions().complete("pump-7", Optional.empty()))
                .orElseThrow()
                .command("stop"))
        .isNotNull();
  }

  @Test
  void the_units_of_a_deleted_device_do_not_pass_to_its_successor() {
    answer(new SqliteDescriptionStore(database).putUnits("pump-7", Map.of("flow", "l/s")));
    assertThat(answer(there.units().of("pump-7"))).containsEntry("flow", "l/s");

    answer(here.registry().delete("pump-7"));
    register();

    assertThat(answer(there.units().of("pump-7"))).isEmpty();
  }

  @Test
  void without_a_message_a_replaced_key_is_refused_after_a_while() {
    answer(there.registry().authenticate(key));
    answer(new SqliteDeviceStore(database).rekey("pump-7", KeyHash.of("another"), device -> {}));
    answer(there.registry().authenticate(key));

    clock.advance(LookupCache.MAX_AGE.toMillis());

    assertThat(refusal(there.registry().authenticate(key)).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }
}
