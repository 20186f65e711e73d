package io.signalbox.hub.store;

import static io.signalbox.hub.store.FleetStores.entry;
import static io.signalbox.hub.store.FleetStores.keyOf;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static io.signalbox.hub.store.Results.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of {@code DeviceStore}; {@link DeviceListContract} covers its lists. */
public abstract class DeviceStoreContract {
  private static final Device PUMP =
      new Device("pump-7", "Pumpe Süd", "pump", Map.of("site", "ghent", "a", "\"1\""), true, 42);

  private FleetStores stores;

  /** Opens an empty store. */
  protected abstract FleetStores empty();

  /** Other instances on the same contents, as another node of a cluster has them. */
  protected abstract FleetStores second();

  @BeforeEach
  void open() {
    stores = empty();
  }

  @Test
  void callbacks_come_in_the_order_of_the_commits() {
    stores.insert("a");
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i ->
                answer(
                    rename("a", "name " + i, device -> calls.add(String.valueOf(device.name())))));
    assertThat(calls).hasSize(200);
    assertThat(answer(stores.devices().find("a")).orElseThrow().name()).isEqualTo(calls.getLast());

    answer(stores.devices().rekey("a", keyOf("new"), a -> calls.add("new key of " + a.id())));
    answer(stores.devices().delete("a", () -> calls.add("deleted")));
    answer(stores.devices().insert(List.of(entry("b")), all -> calls.add("inserted " + all)));
    assertThat(calls).endsWith("new key of a", "deleted", "inserted [DONE]");
  }

  private Future<Device> rename(String id, String name, Consumer<Device> committed) {
    return stores.devices().update(id, DevicePatch.NOTHING.withName(name), committed);
  }

  @Test
  void the_types_of_devices_are_found_together() {
    answer(stores.devices().insert(List.of(entry(PUMP)), ignored -> {}));
    stores.insert("plain", "other");

    assertThat(answer(stores.devices().typesOf(List.of("pump-7", "plain", "nobody", "plain"))))
        .containsExactlyInAnyOrder(Optional.of("pump"), Optional.empty());
    assertThat(answer(stores.devices().typesOf(List.of("nobody")))).isEmpty();
  }

  @Test
  void a_device_is_read_back_as_added() {
    answer(stores.devices().insert(List.of(entry(PUMP)), ignored -> {}));

    assertThat(answer(stores.devices().find("pump-7"))).hasValue(PUMP);
    assertThat(answer(stores.devices().find("Pump-7"))).isEmpty();
  }

  @Test
  void ids_that_differ_only_in_case_are_found() {
    stores.insert("pump-7", "Fan", "FAN", "other");

    assertThat(
            answer(
                stores.devices().differingInCase(List.of("PUMP-7", "fan", "other", "Fan", "new"))))
        .containsExactlyInAnyOrderEntriesOf(Map.of("PUMP-7", "pump-7", "fan", "FAN", "Fan", "FAN"));
    stores.insert("fAn");
    answer(stores.devices().delete("pump-7", () -> {}));
    assertThat(answer(stores.devices().differingInCase(List.of("PUMP-7")))).isEmpty();
  }

  @Test
  void a_device_is_found_by_its_key() {
    stores.insert("a", "b");

    assertThat(answer(stores.devices().findByKey(keyOf("b"))))
        .get()
        .extracting(Device::id)
        .isEqualTo("b");
    assertThat(answer(stores.devices().findByKey(keyOf("c")))).isEmpty();
  }

  @Test
  void of_many_devices_all_valid_ones_are_added() {
    stores.insert("a");

    assertThat(stores.insert("b", "a", "c", "c"))
        .containsExactly(Insertion.DONE, Insertion.ID_TAKEN, Insertion.DONE, Insertion.ID_TAKEN);
    assertThat(answer(stores.devices().count())).isEqualTo(3);
  }

  @Test
  void a_key_belongs_to_one_device() {
    stores.insert("a");
    Device other = new Device("b", null, null, Map.of(), true, 1);

    assertThat(
            answer(
                stores
                    .devices()
                    .insert(List.of(new DeviceStore.Entry(other, keyOf("a"))), ignored -> {})))
        .containsExactly(Insertion.KEY_TAKEN);
    stores.insert("b");
    Refusal refusal = refusal(stores.devices().rekey("b", keyOf("a"), device -> {}));
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.INVALID);
    assertThat(refusal.field()).isEqualTo("key");
  }

  @Test
  void a_new_key_replaces_the_first() {
    stores.insert("a");

    answer(stores.devices().rekey("a", keyOf("new"), device -> {}));
    answer(stores.devices().rekey("a", keyOf("new"), device -> {}));

    assertThat(answer(stores.devices().findByKey(keyOf("a")))).isEmpty();
    assertThat(answer(stores.devices().findByKey(keyOf("new")))).isPresent();
  }

  @Test
  void a_deletion_is_recorded_atomically_and_reserves_the_id_until_it_ends() {
    stores.insert("a", "b");
    answer(stores.devices().delete("a", () -> {}));

    DeletionRecord kept = answer(stores.devices().deletion("a")).orElseThrow();
    assertThat(kept.device()).isEqualTo("a");
    assertThat(kept.settled()).isFalse();
    assertThat(answer(stores.devices().deletion("b"))).isEmpty();
    assertThat(stores.insert("a", "c", "b"))
        .containsExactly(Insertion.BEING_DELETED, Insertion.DONE, Insertion.ID_TAKEN);
    answer(stores.devices().deletionSettled("a"));
    assertThat(answer(stores.devices().deletion("a")).orElseThrow().settled()).isTrue();
    assertThat(stores.insert("a")).containsExactly(Insertion.BEING_DELETED);

    answer(stores.devices().deletionOver("a"));

    assertThat(answer(stores.devices().deletion("a"))).isEmpty();
    assertThat(stores.insert("a")).containsExactly(Insertion.DONE);
  }

  @Test
  void a_refused_deletion_records_nothing() {
    assertThat(refusal(stores.devices().delete("nobody", () -> {})).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);

    assertThat(answer(stores.devices().deletion("nobody"))).isEmpty();
    assertThat(answer(stores.devices().deletions(0, 10))).isEmpty();
  }

  @Test
  void ending_an_unknown_or_ended_deletion_changes_nothing() {
    answer(stores.devices().deletionSettled("nobody"));
    answer(stores.devices().deletionOver("nobody"));

    assertThat(answer(stores.devices().deletions(0, 10))).isEmpty();
  }

  @Test
  void deletions_are_listed_oldest_first_with_ascending_numbers() {
    stores.insert("c", "a", "b");
    for (String id : List.of("c", "a", "b")) {
      answer(stores.devices().delete(id, () -> {}));
    }

    List<DeletionRecord> first = answer(stores.devices().deletions(0, 2));
    assertThat(first).extracting(DeletionRecord::device).containsExactly("c", "a");
    long last = first.getLast().number();
    List<DeletionRecord> rest = answer(stores.devices().deletions(last, 2));
    assertThat(rest).extracting(DeletionRecord::device).containsExactly("b");
    answer(stores.devices().deletionOver("b"));
    stores.insert("b");
    answer(stores.devices().delete("b", () -> {}));
    assertThat(answer(stores.devices().deletion("b")).orElseThrow().number())
        .isGreaterThan(rest.getFirst().number());
  }

  @Test
  void a_patch_changes_only_its_fields() {
    answer(stores.devices().insert(List.of(entry(PUMP)), ignored -> {}));

    Device changed =
        answer(
            stores
                .devices()
                .update(
                    "pump-7",
                    DevicePatch.NOTHING
                        .withType(null)
                        .withLabel("a", null)
                        .withLabel("line", "3")
                        .withEnabled(false),
                    ignored -> {}));

    assertThat(changed)
        .isEqualTo(
            new Device(
                "pump-7", "Pumpe Süd", null, Map.of("site", "ghent", "line", "3"), false, 42));
    assertThat(answer(stores.devices().find("pump-7"))).hasValue(changed);
  }

  @Test
  void a_refused_patch_changes_nothing() {
    answer(stores.devices().insert(List.of(entry(PUMP)), ignored -> {}));

    Refusal refusal =
        refusal(
            stores
                .devices()
                .update("pump-7", DevicePatch.NOTHING.withName("x".repeat(129)), ignored -> {}));

    assertThat(refusal.field()).isEqualTo("name");
    assertThat(answer(stores.devices().find("pump-7"))).hasValue(PUMP);
  }

  @Test
  void deleting_a_device_deletes_its_key_session_and_twin() {
    stores.insert("a");
    answer(stores.sessions().claim("a", "hub", Transport.WEBSOCKET, "::1", 5));
    answer(stores.twins().revise("a", DeviceStoreContract::wish, "me", 5, ignored -> {}));

    stores.delete("a");
    stores.insert("a");

    assertThat(answer(stores.twins().find("a"))).isEqualTo(Twin.EMPTY);
    assertThat(answer(stores.sessions().recover("hub", 6, SessionEnd.Cause.HUB_RESTARTED)))
        .isEmpty();
    assertThat(answer(stores.devices().count())).isEqualTo(1);
  }

  @Test
  void no_store_finds_a_deleted_device_and_its_key_is_free() {
    stores.insert("a", "b");
    answer(stores.sessions().claim("a", "hub", Transport.WEBSOCKET, "::1", 5));

    answer(stores.devices().delete("a", () -> {}));

    assertThat(answer(stores.devices().find("a"))).isEmpty();
    assertThat(answer(stores.devices().findByKey(keyOf("a")))).isEmpty();
    assertThat(answer(stores.devices().typesOf(List.of("a")))).isEmpty();
    assertThat(answer(stores.devices().count())).isEqualTo(1);
    assertThat(refusal(stores.twins().find("a")).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(stores.sessions().claim("a", "hub", Transport.WEBSOCKET, "::1", 6)).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    answer(stores.devices().rekey("b", keyOf("a"), device -> {}));
    assertThat(answer(stores.devices().findByKey(keyOf("a")))).map(Device::id).hasValue("b");
  }

  @Test
  void of_concurrent_registrations_on_both_instances_one_gets_the_id_or_the_key() {
    FleetStores other = second();
    for (int round = 0; round < 20; round++) {
      String id = "id-" + round;
      DeviceStore.Entry one = new DeviceStore.Entry(named(id), keyOf("one " + round));
      DeviceStore.Entry two = new DeviceStore.Entry(named(id), keyOf("two " + round));
      Future<List<Insertion>> first = stores.devices().insert(List.of(one), ignored -> {});
      Future<List<Insertion>> second = other.devices().insert(List.of(two), ignored -> {});
      assertThat(List.of(answer(first).getFirst(), answer(second).getFirst()))
          .containsExactlyInAnyOrder(Insertion.DONE, Insertion.ID_TAKEN);

      DeviceStore.Entry three = new DeviceStore.Entry(named(id + "a"), keyOf("both " + round));
      DeviceStore.Entry four = new DeviceStore.Entry(named(id + "b"), keyOf("both " + round));
      first = stores.devices().insert(List.of(three), ignored -> {});
      second = other.devices().insert(List.of(four), ignored -> {});
      assertThat(List.of(answer(first).getFirst(), answer(second).getFirst()))
          .containsExactlyInAnyOrder(Insertion.DONE, Insertion.KEY_TAKEN);
    }

    assertThat(answer(other.devices().count())).isEqualTo(40);
  }

  private static Device named(String id) {
    return new Device(id, null, null, Map.of(), true, 1);
  }

  @Test
  void concurrent_patches_on_both_instances_are_not_lost() {
    stores.insert("a");
    FleetStores other = second();
    List<Future<Device>> patches =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    (i % 2 == 0 ? stores : other)
                        .devices()
                        .update("a", DevicePatch.NOTHING.withLabel("l" + i, "x"), ignored -> {}))
            .toList();
    patches.forEach(Results::answer);

    assertThat(answer(other.devices().find("a")).orElseThrow().labels()).hasSize(20);
    assertThat(answer(stores.devices().find("a"))).isEqualTo(answer(other.devices().find("a")));
  }

  @Test
  void of_concurrent_deletions_on_both_instances_one_succeeds_and_reserves_the_id_for_both() {
    FleetStores other = second();
    for (int round = 0; round < 20; round++) {
      String id = "id-" + round;
      stores.insert(id);

      assertThat(
              refusals(
                  List.of(
                      stores.devices().delete(id, () -> {}), other.devices().delete(id, () -> {}))))
          .containsExactly(Refusal.ErrorCode.UNKNOWN_DEVICE);
      assertThat(answer(other.devices().deletion(id))).isPresent();
      assertThat(other.insert(id)).containsExactly(Insertion.BEING_DELETED);
      answer(other.devices().deletionOver(id));
      assertThat(stores.insert(id)).containsExactly(Insertion.DONE);
    }

    assertThat(answer(stores.devices().deletions(0, 100))).isEmpty();
  }

  @Test
  void of_two_devices_that_get_one_key_on_both_instances_one_has_it() {
    FleetStores other = second();
    for (int round = 0; round < 20; round++) {
      stores.insert("a", "b");
      KeyHash key = keyOf("new " + round);

      assertThat(
              refusals(
                  List.of(
                      stores.devices().rekey("a", key, device -> {}),
                      other.devices().rekey("b", key, device -> {}))))
          .containsExactly(Refusal.ErrorCode.INVALID);
      assertThat(answer(other.devices().findByKey(key))).isPresent();
    }
  }

  @Test
  void what_is_written_while_its_device_is_deleted_does_not_reach_the_successor() {
    FleetStores other = second();
    for (int round = 0; round < 20; round++) {
      stores.insert("a");
      List<Future<?>> changes = new ArrayList<>();
      changes.add(other.sessions().claim("a", "hub", Transport.WEBSOCKET, "::1", 5));
      changes.add(other.twins().revise("a", DeviceStoreContract::wish, "me", 5, ignored -> {}));
      changes.add(stores.devices().delete("a", () -> {}));
      changes.add(other.sessions().claim("a", "hub", Transport.WEBSOCKET, "::1", 5));
      changes.add(other.twins().revise("a", DeviceStoreContract::wish, "me", 5, ignored -> {}));
      assertThat(refusals(changes)).allMatch(Refusal.ErrorCode.UNKNOWN_DEVICE::equals);
      answer(stores.devices().deletionOver("a"));
      stores.insert("a");

      assertThat(answer(other.twins().find("a"))).isEqualTo(Twin.EMPTY);
      assertThat(answer(other.sessions().recover("hub", 6, SessionEnd.Cause.HUB_RESTARTED)))
          .isEmpty();
      stores.delete("a");
    }
  }

  private static Twin wish(Twin twin) {
    return new Twin(new Twin.Side(twin.desired().version() + 1, "{\"x\":1}"), twin.reported());
  }

  @Test
  void requests_for_an_unknown_device_are_refused() {
    assertThat(refusal(stores.devices().delete("a", () -> {})).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(stores.devices().update("a", DevicePatch.NOTHING, ignored -> {})).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(stores.devices().rekey("a", keyOf("a"), device -> {})).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
  }
}
