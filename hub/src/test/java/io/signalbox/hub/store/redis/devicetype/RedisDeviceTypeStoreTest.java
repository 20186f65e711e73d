package io.signalbox.hub.store.redis.devicetype;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.devicetype.DeviceTypeStore;
import io.signalbox.hub.devicetype.DeviceTypeStore.Revision;
import io.signalbox.hub.devicetype.DeviceTypeStore.StoredType;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Event.DeviceTypeChanged;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.DeviceTypeStoreContract;
import io.signalbox.hub.store.redis.RedisTest;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisDeviceTypeStoreTest extends DeviceTypeStoreContract {
  private final RedisTest redis = new RedisTest();

  @Override
  protected DeviceTypeStore empty() {
    return store("one");
  }

  @Override
  protected DeviceTypeStore second() {
    return store("two");
  }

  private DeviceTypeStore store(String node) {
    return new RedisDeviceTypeStore(redis.link(), redis.keys(), redis.streams(node));
  }

  @Test
  void each_version_is_announced_to_other_nodes_once() {
    DeviceTypeStore store = store("one");
    answer(put(store, "valve", "{}", 5));
    answer(put(store, "valve", "{}", 6));
    answer(put(second(), "valve", "{\"a\":1}", 7));
    answer(delete(store, "valve", 8));
    assertThat(refusal(delete(second(), "valve", 8)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE_TYPE);
    answer(put(store, "valve", "{}", 9));

    assertThat(redis.published(redis.streams("three").global()))
        .flatExtracting(entry -> entry.events().events())
        .containsExactly(
            new DeviceTypeChanged("valve", Change.CREATED, 1),
            new DeviceTypeChanged("valve", Change.UPDATED, 2),
            new DeviceTypeChanged("valve", Change.DELETED, 3),
            new DeviceTypeChanged("valve", Change.CREATED, 4));
  }

  @Test
  void names_and_authors_and_documents_may_have_any_character() {
    DeviceTypeStore store = empty();
    String name = "7:größe \"m\"\n–";
    String document = "{\"a\":\"\\n\",\"b\":1.50,\"c\":\"–\"}";
    StoredType type =
        answer(store.revise(name, present -> document, "a\n\"b\"", 7, revised -> {})).after();

    assertThat(type).isEqualTo(new StoredType(name, 1, 7, "a\n\"b\"", document));
    assertThat(answer(store.find(name))).hasValue(type);
    assertThat(answer(store.list(null, 10)).items()).containsExactly(type);
  }

  @Test
  void a_callback_that_throws_does_not_harm_its_change() {
    DeviceTypeStore store = empty();
    Revision revision =
        answer(
            store.revise(
                "valve",
                present -> "{}",
                "ann",
                7,
                revised -> {
                  throw new IllegalStateException("a fault of the caller");
                }));

    assertThat(answer(store.find("valve"))).hasValue(revision.after());
  }

  /** The clocks of the callers may differ: what counts is the order of the deletions. */
  @Test
  void the_type_that_was_deleted_first_is_forgotten_first() {
    DeviceTypeStore store = empty();
    List<Future<?>> changes = new ArrayList<>();
    for (int i = 0; i < DeviceTypeStore.KEPT_DELETED; i++) {
      changes.add(put(store, "type-" + i, "{}", 7));
    }
    changes.forEach(change -> answer(change));
    for (int i = 0; i < DeviceTypeStore.KEPT_DELETED; i++) {
      answer(delete(store, "type-" + i, 1_000_000 - i));
    }
    answer(put(store, "type-1", "{\"a\":1}", 7));
    answer(delete(store, "type-1", 1));
    assertThat(answer(store.versions("type-0", null, 10)).total()).isEqualTo(2);
    answer(put(store, "one more", "{}", 7));
    answer(delete(store, "one more", 1));

    assertThat(refusal(store.versions("type-0", null, 10)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE_TYPE);
    assertThat(answer(store.versions("type-1", null, 10)).total()).isEqualTo(4);
    assertThat(answer(store.versions("type-2", null, 10)).total()).isEqualTo(2);
    assertThat(answer(put(store, "type-0", "{}", 7)).after().version()).isEqualTo(1);
    String versions = redis.keys().global("type-versions");
    Request count = Request.cmd(Command.HLEN).arg(versions);
    assertThat(answer(redis.link().send(count)).toLong())
        .isEqualTo(2L * DeviceTypeStore.KEPT_DELETED + 2 + 1);
  }

  private static Future<Revision> put(DeviceTypeStore store, String name, String text, long at) {
    return store.revise(name, present -> text, "ann", at, revised -> {});
  }

  private static Future<Void> delete(DeviceTypeStore store, String name, long at) {
    return store.delete(name, Precondition.NONE, "ann", at, deletion -> {});
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
