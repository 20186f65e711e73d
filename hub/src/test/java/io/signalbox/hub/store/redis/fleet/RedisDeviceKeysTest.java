package io.signalbox.hub.store.redis.fleet;

import static io.signalbox.hub.store.FleetStores.keyOf;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.fleet.KeyReservations.Reservation;
import io.signalbox.hub.store.redis.fleet.KeyReservations.Stamped;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys of devices, when a node ends or stands still between the steps in two partitions. */
class RedisDeviceKeysTest {
  private static final String KEY = "k";
  private static final String HASH = DeviceHash.text(keyOf(KEY));
  private static final long MICROS = 1_000_000;

  private final RedisFleet fleet = new RedisFleet();
  private final RedisLink link = fleet.link();
  private final KeyReservations reservations = new KeyReservations(link, fleet.keys());
  private final FleetStores stores = fleet.stores();

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void a_fresh_reservation_keeps_its_key_from_other_devices() {
    reserve("a");

    assertThat(insert("b")).isEqualTo(Insertion.KEY_TAKEN);
    assertThat(owner()).isNull();
    assertThat(insert("a")).isEqualTo(Insertion.DONE);
    assertThat(owner()).isEqualTo("a");
  }

  @Test
  void an_unused_reservation_is_taken_over_when_it_is_old() {
    reserve("a");
    age("a", 61);

    assertThat(insert("b")).isEqualTo(Insertion.DONE);
    assertThat(owner()).isEqualTo("b");
    assertThat(insert("a")).isEqualTo(Insertion.KEY_TAKEN);
  }

  @Test
  void a_key_that_its_device_has_is_never_taken_over() {
    insert("a");
    age("a", 1_000);

    assertThat(insert("b")).isEqualTo(Insertion.KEY_TAKEN);
    stores.insert("b");
    assertThat(refusal(stores.devices().rekey("b", keyOf(KEY), device -> {})).kind())
        .isEqualTo(ErrorCode.INVALID);
    assertThat(owner()).isEqualTo("a");
  }

  @Test
  void a_device_does_not_get_a_key_by_a_reservation_that_may_be_taken_over() {
    Reservation reserved = reserve("a");
    long time = Long.parseLong(reserved.time());

    assertThat(insertScript("a", time - 31 * MICROS)).isEqualTo("late");
    assertThat(answer(stores.devices().find("a"))).isEmpty();
    assertThat(answer(stores.devices().count())).isZero();
    assertThat(insertScript("a", time)).isEqualTo("DONE");
  }

  @Test
  void a_key_that_a_deletion_has_not_released_is_found_no_more_and_taken_over() {
    insert("a");
    String held = entry();
    stores.delete("a");
    assertThat(index()).isNull();
    set(held);

    assertThat(owner()).isNull();
    assertThat(insert("b")).isEqualTo(Insertion.KEY_TAKEN);
    age("a", 61);
    assertThat(insert("b")).isEqualTo(Insertion.DONE);
  }

  @Test
  void a_refused_registration_releases_its_key() {
    stores.insert("a");

    assertThat(insert("a")).isEqualTo(Insertion.ID_TAKEN);
    assertThat(insert("b")).isEqualTo(Insertion.DONE);
  }

  @Test
  void a_refused_change_of_a_key_releases_it() {
    assertThat(refusal(stores.devices().rekey("a", keyOf(KEY), device -> {})).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);

    assertThat(index()).isNull();
  }

  @Test
  void a_repeated_registration_leaves_the_device_its_key() {
    insert("a");

    assertThat(insert("a")).isEqualTo(Insertion.ID_TAKEN);
    age("a", 61);
    assertThat(insert("a")).isEqualTo(Insertion.ID_TAKEN);
    assertThat(owner()).isEqualTo("a");
  }

  @Test
  void of_two_reservations_for_one_device_neither_is_released_while_the_other_may_be_used() {
    Reservation first = reserve("a");
    Reservation second = reserve("a");
    assertThat(first.isAlone()).isTrue();
    assertThat(second.isAlone()).isFalse();

    answer(reservations.release(first));
    answer(reservations.release(second));

    assertThat(index()).isEqualTo("a " + second.time());
  }

  @Test
  void a_late_release_after_a_deletion_leaves_the_key_to_the_successor() {
    insert("a");
    Stamped held = Stamped.of(entry());
    stores.delete("a");
    insert("a");

    answer(reservations.release("a", HASH, held.time()));

    assertThat(owner()).isEqualTo("a");
  }

  @Test
  void what_is_said_of_the_id_comes_before_what_is_said_of_the_key() {
    insert("a");
    stores.insert("b");
    assertThat(insert("b")).isEqualTo(Insertion.ID_TAKEN);
    answer(stores.devices().delete("b", () -> {}));

    assertThat(insert("b")).isEqualTo(Insertion.BEING_DELETED);
  }

  private Reservation reserve(String device) {
    return answer(reservations.reserve(device, HASH)).orElseThrow();
  }

  private Insertion insert(String device) {
    Device plain = new Device(device, null, null, Map.of(), true, 1_000);
    return answer(
            stores.devices().insert(List.of(new DeviceStore.Entry(plain, keyOf(KEY))), done -> {}))
        .getFirst();
  }

  private String insertScript(String device, long reserved) {
    RedisScript script =
        RedisScript.of(DeviceInsertions.class, "insert-device.lua", "fleet/clock", "fleet/title");
    int partition = fleet.keys().partitionOf(device);
    List<String> names = new ArrayList<>(List.of(fleet.keys().of(device, "device")));
    for (String kind : List.of("devices", "names", "created", "deletions", "revisions", "events")) {
      names.add(fleet.keys().in(partition, kind));
    }
    Device plain = FleetStores.entry(device).device();
    List<Object> arguments =
        new ArrayList<>(List.of(device, HASH, reserved, KeyReservations.USABLE, 1_000));
    arguments.addAll(List.of(DeviceHash.titled(plain), 10, "north", ""));
    arguments.addAll(DeviceHash.fields(plain));
    return answer(link.run(script, names, arguments.toArray())).toString();
  }

  private @Nullable String owner() {
    return answer(stores.devices().findByKey(keyOf(KEY))).map(Device::id).orElse(null);
  }

  private String key() {
    return fleet.keys().of(HASH, "key");
  }

  private String entry() {
    return String.valueOf(index());
  }

  private @Nullable String index() {
    Response held = answer(link.send(Request.cmd(Command.GET).arg(key())));
    return held == null ? null : held.toString();
  }

  private void set(String reservation) {
    answer(link.send(Request.cmd(Command.SET).arg(key()).arg(reservation)));
  }

  /** Makes the present reservation older. */
  private void age(String device, long seconds) {
    long time = Long.parseLong(Stamped.of(entry()).time());
    set(device + ' ' + (time - seconds * MICROS));
  }
}
