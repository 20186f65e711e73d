package io.signalbox.hub.store.redis.fleet;

import static io.signalbox.hub.store.FleetStores.entry;
import static io.signalbox.hub.store.FleetStores.keyOf;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceQuery.Sort;
import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Event.DeviceChanged;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.redis.JobParts;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is in Redis of devices: events, what a deletion leaves, and what lists are made of. */
class RedisDeviceDataTest {
  private final RedisFleet fleet = new RedisFleet();
  private final RedisLink link = fleet.link();
  private final FleetStores stores = fleet.stores();

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void each_change_is_an_event_in_the_order_of_the_changes() {
    answer(stores.devices().insert(List.of(entry(device("a", "n", Map.of("x", "1")))), d -> {}));
    stores.insert("a");
    answer(stores.devices().update("a", DevicePatch.NOTHING.withLabel("x", "2"), d -> {}));
    answer(stores.devices().rekey("a", keyOf("new"), d -> {}));
    answer(stores.devices().delete("a", () -> {}));

    assertThat(published("a"))
        .containsExactly(
            text("a", Change.CREATED, Map.of("x", "1")),
            text("a", Change.UPDATED, Map.of("x", "2")),
            text("a", Change.UPDATED, Map.of("x", "2")),
            text("a", Change.DELETED, Map.of()));
  }

  @Test
  void a_deletion_leaves_nothing_but_its_record_the_revision_and_the_events() {
    answer(stores.devices().insert(List.of(entry(device("Fan", "Ä", Map.of()))), d -> {}));
    answer(stores.sessions().claim("Fan", "north", Transport.WEBSOCKET, "::1", 5));
    for (String kind : List.of("twin", "units", "recorder", "commands", "idempotency")) {
      answer(link.send(Request.cmd(Command.SET).arg(fleet.keys().of("Fan", kind)).arg("x")));
    }

    answer(stores.devices().delete("Fan", () -> {}));

    int partition = fleet.keys().partitionOf("Fan");
    assertThat(names())
        .containsExactlyInAnyOrder(
            fleet.keys().in(partition, "deletions"),
            fleet.keys().in(partition, "revisions"),
            fleet.keys().in(partition, "epochs"),
            fleet.streams().in(partition));
  }

  @Test
  void a_deletion_refuses_the_executions_in_which_the_device_waits() {
    stores.insert("a");
    JobParts parts = new JobParts(fleet.keys());
    List<String> part = new ArrayList<>(parts.of("j", "a"));
    part.add(parts.waiting("a"));
    RedisScript insert = RedisScript.of(JobParts.class, "job/insert.lua", "execution");
    answer(link.run(insert, part, "j", 0, "a"));

    answer(stores.devices().delete("a", () -> {}));

    assertThat(get(Request.cmd(Command.HGET).arg(part.get(0)).arg("refused"))).isEqualTo("1");
    assertThat(get(Request.cmd(Command.HGET).arg(part.get(2)).arg("0")))
        .isEqualTo("unknown-device there is no device a");
  }

  @Test
  void a_successor_begins_with_a_revision_that_no_former_device_of_the_partition_had() {
    stores.insert("a");
    Request revision = Request.cmd(Command.HGET).arg(fleet.keys().of("a", "device")).arg("r");
    assertThat(get(revision)).isEqualTo("0");
    Request five = Request.cmd(Command.HSET).arg(fleet.keys().of("a", "device")).arg("r").arg(5);
    answer(link.send(five));

    stores.delete("a");
    stores.insert("a");
    assertThat(get(revision)).isEqualTo("6");
    stores.delete("a");
    stores.insert("a");
    assertThat(get(revision)).isEqualTo("7");
  }

  @Test
  void deletions_in_all_partitions_are_paged_by_their_numbers() {
    String[] ids = IntStream.range(0, 40).mapToObj(i -> "id-" + i).toArray(String[]::new);
    stores.insert(ids);
    Arrays.stream(ids).forEach(id -> answer(stores.devices().delete(id, () -> {})));
    answer(stores.devices().deletionSettled("id-3"));
    answer(stores.devices().deletionSettled("id-3"));

    List<DeletionRecord> read = new ArrayList<>();
    List<DeletionRecord> page = answer(stores.devices().deletions(0, 7));
    while (!page.isEmpty()) {
      read.addAll(page);
      page = answer(stores.devices().deletions(page.getLast().number(), 7));
    }

    assertThat(read).extracting(DeletionRecord::device).containsExactly(ids);
    assertThat(read).filteredOn(DeletionRecord::settled).hasSize(1);
    assertThat(answer(stores.devices().deletion("id-3"))).contains(read.get(3));
  }

  @Test
  void changes_that_are_asked_for_at_once_succeed_in_the_order_of_the_calls() {
    List<String> calls = new ArrayList<>();
    List<Future<?>> changes = new ArrayList<>();
    changes.add(
        stores
            .devices()
            .insert(
                IntStream.range(0, 300).mapToObj(i -> entry("id-" + i)).toList(),
                all -> calls.add("inserted " + all.getFirst())));
    DevicePatch patch = DevicePatch.NOTHING.withName("x");
    changes.add(stores.devices().update("id-0", patch, a -> calls.add("updated " + a.id())));
    changes.add(stores.devices().rekey("id-0", keyOf("new"), a -> calls.add("rekeyed " + a.id())));
    changes.add(stores.devices().delete("id-0", () -> calls.add("deleted")));
    assertThat(refusals(changes)).isEmpty();

    assertThat(calls)
        .containsExactly("inserted " + Insertion.DONE, "updated id-0", "rekeyed id-0", "deleted");
  }

  @Test
  void lists_ignore_case_beyond_ascii_before_and_after_a_change() {
    answer(
        stores
            .devices()
            .insert(
                List.of(
                    entry(device("a", "ÄPFEL", Map.of("ort", "KÖLN \"Süd\""))),
                    entry(device("b", "Zug", Map.of("ort", "a\\b")))),
                d -> {}));
    assertThat(found("äpfel")).containsExactly("a");
    assertThat(found("köln")).containsExactly("a");
    assertThat(found("ort:a\\b")).containsExactly("b");
    assertThat(found("")).containsExactly("b", "a");

    answer(stores.devices().update("a", DevicePatch.NOTHING.withName("Birne"), d -> {}));
    answer(stores.devices().update("b", DevicePatch.NOTHING.withName("Übung"), d -> {}));

    assertThat(found("äpfel")).isEmpty();
    assertThat(found("birne köln")).containsExactly("a");
    assertThat(found("übung")).containsExactly("b");
    assertThat(found("")).containsExactly("a", "b");
    answer(stores.devices().update("a", DevicePatch.NOTHING.withoutLabels(), d -> {}));
    answer(stores.devices().update("a", DevicePatch.NOTHING.withName(null), d -> {}));
    assertThat(answer(stores.devices().find("a"))).contains(device("a", null, Map.of()));
    assertThat(found("")).containsExactly("a", "b");
  }

  private static Device device(String id, @Nullable String name, Map<String, String> labels) {
    return new Device(id, name, null, labels, true, 7);
  }

  private List<String> found(String text) {
    DeviceQuery query = new DeviceQuery(text, null, Map.of(), null, Sort.NAME, false, null, 10);
    return answer(stores.devices().list(query)).items().stream().map(Device::id).toList();
  }

  private String get(Request request) {
    return String.valueOf(answer(link.send(request)));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    answer(link.send(Request.cmd(Command.KEYS).arg(fleet.keys().prefix() + ":*")))
        .forEach(name -> names.add(name.toString()));
    return names;
  }

  private String text(String device, Change change, Map<String, String> labels) {
    Event event = new DeviceChanged(device, change, labels);
    return Arrays.toString(fleet.streams().encode(List.of(event)));
  }

  /** Field {@code e} of each entry of the stream. */
  private List<String> published(String device) {
    List<String> events = new ArrayList<>();
    String stream = fleet.streams().of(device);
    for (Response each :
        answer(link.send(Request.cmd(Command.XRANGE).arg(stream).arg("-").arg("+")))) {
      events.add(Arrays.toString(each.get(1).get(3).toBytes()));
    }
    return events;
  }
}
