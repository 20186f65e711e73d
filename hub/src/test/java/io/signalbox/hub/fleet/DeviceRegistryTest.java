package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init") // set before each test
class DeviceRegistryTest {
  @TempDir Path directory;
  private FleetFixture fixture;
  private DeviceRegistry registry;

  @BeforeEach
  void open() {
    fixture = new FleetFixture(directory);
    registry = fixture.registry;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void a_registered_device_is_authenticated_by_its_key() throws Exception {
    RegisteredDevice registered =
        answer(registry.register(new NewDevice("pump-7", "Pump", "pump", Map.of("a", "b"), null)));

    assertThat(registered.key()).matches("sbd_[A-Za-z0-9_-]{43}");
    assertThat(answer(registry.authenticate(registered.key()))).isEqualTo(registered.device());
    assertThat(answer(registry.get("pump-7"))).isEqualTo(registered.device());
    assertThat(registered.device().created()).isEqualTo(fixture.clock.get());
    assertThat(fixture.event())
        .isEqualTo(new Event.DeviceChanged("pump-7", Change.CREATED, Map.of("a", "b")));
  }

  @Test
  void a_key_of_the_caller_is_accepted() {
    String own = "a key of my own, 24 chars".replace(' ', '-');

    assertThat(answer(registry.register(device("a", own))).key()).isEqualTo(own);
    assertThat(answer(registry.authenticate(own)).id()).isEqualTo("a");
    assertThat(refusal(registry.register(device("b", own))).field()).isEqualTo("key");
  }

  @Test
  void a_wrong_key_is_refused() {
    fixture.register("a");

    assertThat(refusal(registry.authenticate("sbd_nobodys")).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refusal(registry.authenticate("")).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void an_id_is_registered_once() {
    fixture.register("a");

    assertThat(refusal(registry.register(device("a", null))).kind())
        .isEqualTo(ErrorCode.DEVICE_EXISTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "a b", "ü", "a/b", "a\n"})
  void an_id_outside_the_pattern_is_refused(String id) {
    assertInvalid("id", new NewDevice(id, null, null, Map.of(), null));
  }

  @Test
  void every_refusal_names_the_invalid_field() {
    assertInvalid("id", device("x".repeat(65), null));
    assertInvalid("name", new NewDevice("a", "x".repeat(129), null, Map.of(), null));
    assertInvalid("name", new NewDevice("a", "a\u0000b", null, Map.of(), null));
    assertInvalid("type", new NewDevice("a", null, "x".repeat(65), Map.of(), null));
    assertInvalid("labels", new NewDevice("a", null, null, labels(33), null));
    assertInvalid("labels.a b", new NewDevice("a", null, null, Map.of("a b", "c"), null));
    assertInvalid(
        "labels.site", new NewDevice("a", null, null, Map.of("site", "x".repeat(257)), null));
    assertInvalid("key", device("a", "only-23-characters-long"));
    assertInvalid("key", device("a", "x".repeat(257)));
    assertInvalid("key", device("a", "a key with spaces in between"));
    assertThat(answer(registry.register(new NewDevice("a", null, null, labels(32), null))))
        .isNotNull();
  }

  @Test
  void bulk_registration_returns_one_result_per_device_in_order() {
    fixture.register("there");

    List<RegistrationResult> results =
        answer(
            registry.registerAll(
                List.of(
                    device("one", null),
                    device("bad id", null),
                    device("there", null),
                    device("two", null))));

    assertThat(results.stream().map(DeviceRegistryTest::said))
        .containsExactly("one", "bad id: invalid", "there: device-exists", "two");
    assertThat(registry.count()).isEqualTo(3);
  }

  @Test
  void ten_thousand_devices_are_registered_and_listed() {
    List<NewDevice> devices =
        IntStream.range(0, 10_000).mapToObj(i -> device("d-%05d".formatted(i), null)).toList();

    assertThat(answer(registry.registerAll(devices)))
        .allMatch(RegistrationResult.Ok.class::isInstance);
    Page<Device> page = answer(registry.list(DeviceQuery.all(1_000)));
    assertThat(page.total()).isEqualTo(10_000);
    assertThat(page.items()).hasSize(1_000);
    assertThat(registry.count()).isEqualTo(10_000);
  }

  @Test
  void a_new_key_replaces_the_old_one_at_once() {
    String old = fixture.register("a");
    answer(registry.authenticate(old));

    String fresh = answer(registry.newKey("a", null));

    assertThat(refusal(registry.authenticate(old)).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(answer(registry.authenticate(fresh)).id()).isEqualTo("a");
    assertThat(refusal(registry.newKey("a", "short")).field()).isEqualTo("key");
    assertThat(refusal(registry.newKey("b", null)).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
  }

  @Test
  void a_disabled_device_is_refused_until_it_is_enabled() {
    String key = fixture.register("a");
    answer(registry.authenticate(key));

    answer(registry.update("a", DevicePatch.NOTHING.withEnabled(false)));
    assertThat(refusal(registry.authenticate(key)).kind()).isEqualTo(ErrorCode.DISABLED);
    answer(registry.update("a", DevicePatch.NOTHING.withEnabled(true)));
    assertThat(answer(registry.authenticate(key)).enabled()).isTrue();
  }

  @Test
  void a_change_is_seen_by_the_next_authentication() throws Exception {
    String key = fixture.register("a");
    answer(registry.authenticate(key));

    answer(registry.update("a", DevicePatch.NOTHING.withName("Anna")));

    assertThat(answer(registry.authenticate(key)).name()).isEqualTo("Anna");
    fixture.event();
    assertThat(fixture.event()).isEqualTo(new Event.DeviceChanged("a", Change.UPDATED, Map.of()));
  }

  @Test
  void a_deleted_device_is_unknown() throws Exception {
    String key = fixture.register("a");
    answer(registry.authenticate(key));

    answer(registry.delete("a"));

    assertThat(refusal(registry.authenticate(key)).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refusal(registry.get("a")).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(registry.delete("a")).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(registry.count()).isZero();
    fixture.event();
    assertThat(fixture.event()).isEqualTo(new Event.DeviceChanged("a", Change.DELETED, Map.of()));
  }

  @Test
  void a_device_event_precedes_the_first_change_event() throws Exception {
    Future<List<RegistrationResult>> registering =
        registry.registerAll(
            IntStream.range(0, 5_000).mapToObj(i -> device("bulk-" + i, null)).toList());
    await()
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .until(() -> answer(registry.get("bulk-0").map(true).otherwise(false)));
    answer(registry.update("bulk-0", DevicePatch.NOTHING.withLabel("site", "ghent")));
    answer(registering);

    List<Change> changes = new ArrayList<>();
    while (changes.size() < 2) {
      Event.DeviceChanged event = (Event.DeviceChanged) fixture.event();
      if (event.device().equals("bulk-0")) {
        changes.add(event.change());
      }
    }
    assertThat(changes).containsExactly(Change.CREATED, Change.UPDATED);
  }

  private static NewDevice device(String id, @Nullable String key) {
    return new NewDevice(id, null, null, Map.of(), key);
  }

  private static Map<String, String> labels(int many) {
    return IntStream.range(0, many).boxed().collect(Collectors.toMap(i -> "l" + i, i -> "v"));
  }

  private static String said(RegistrationResult result) {
    return switch (result) {
      case RegistrationResult.Ok done -> done.registered().device().id();
      case RegistrationResult.Failed refused ->
          refused.id() + ": " + refused.refusal().kind().code();
    };
  }

  private void assertInvalid(String field, NewDevice device) {
    Refusal refusal = refusal(registry.register(device));
    assertThat(refusal.kind()).isEqualTo(ErrorCode.INVALID);
    assertThat(refusal.field()).isEqualTo(field);
  }
}
