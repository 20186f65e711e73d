package io.signalbox.hub.devicetype;

import static io.signalbox.hub.json.TestJson.json;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.devicetype.DeviceTypeStore.Revision;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class DeviceTypesTest {
  private static final Json OPEN =
      json("{\"commands\":{\"open\":{\"params\":{\"required\":[\"minutes\"]}}}}");

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Topic<Event.DeviceTypeChanged> topic = Topic.of(vertx, "types");
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private final List<Event.DeviceTypeChanged> events = new CopyOnWriteArrayList<>();
  private SqliteDatabase database;
  private DeviceTypes types;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory, SqliteDeviceTypeStore.SCHEMA);
    topic.listen(events::add);
    types = opened();
  }

  private DeviceTypes opened() {
    return opened(new SqliteDeviceTypeStore(database));
  }

  private DeviceTypes opened(DeviceTypeStore store) {
    DeviceTypes service = new DeviceTypes(store, topic, new ManualClock(1_000));
    service.onChange((name, type) -> changes.add(name + (type.isPresent() ? "" : " deleted")));
    answer(service.open(vertx));
    return service;
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(vertx.close());
  }

  @Test
  void a_change_applies_to_the_next_validation() {
    assertThat(types.isEmpty()).isTrue();
    assertThat(answer(types.rules("valve"))).isEmpty();

    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));
    TypeRules rules = answer(types.rules("valve")).orElseThrow();
    assertThat(refusal(check(rules)).kind()).isEqualTo(ErrorCode.INVALID_PARAMS);

    answer(types.put("valve", json("{}"), Precondition.NONE, "ann"));
    answer(check(answer(types.rules("valve")).orElseThrow()));

    answer(types.delete("valve", Precondition.NONE, "ann"));
    assertThat(answer(types.rules("valve"))).isEmpty();
    assertThat(types.isEmpty()).isTrue();
  }

  private static Future<Void> check(TypeRules rules) {
    return Future.succeededFuture(rules)
        .map(
            known -> {
              known.checkParams("open", json("{}"));
              return null;
            });
  }

  @Test
  void compiled_types_are_cached() {
    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));

    assertThat(answer(types.rules("valve"))).isSameAs(answer(types.rules("valve")));
    assertThat(types.rules("valve").isComplete()).isTrue();
  }

  @Test
  void a_refusal_has_a_limited_number_of_faults() {
    String broken = "{\"params\":{\"properties\":{\"a\":1,\"b\":2,\"c\":3}}}";
    String document =
        IntStream.range(0, 90)
            .mapToObj(i -> "\"c" + i + "\":" + broken)
            .collect(Collectors.joining(",", "{\"commands\":{", "}}"));

    Refusal refusal = refusal(types.put("valve", json(document), Precondition.NONE, "ann"));

    assertThat(refusal.faults()).hasSize(50);
    assertThat(refusal.detail()).contains("/commands/c0/params/properties/a must be");
  }

  @Test
  void compiled_types_of_any_size_take_a_limited_amount_of_memory() {
    String large =
        IntStream.range(0, 100)
            .mapToObj(i -> "\"m" + i + "\":{\"description\":\"" + "x".repeat(1_200) + "\"}")
            .collect(Collectors.joining(",", "{\"metrics\":{", "}}"));
    for (int i = 0; i < 40; i++) {
      answer(types.put("large-" + i, json(large), Precondition.NONE, "ann"));
      answer(types.rules("large-" + i));
    }

    long kept = IntStream.range(0, 40).filter(i -> types.rules("large-" + i).isComplete()).count();
    assertThat(kept * large.length()).isBetween(1L, DeviceTypes.CACHED_CHARACTERS);
  }

  @Test
  void concurrent_patches_are_all_applied() {
    answer(types.put("valve", json("{}"), Precondition.NONE, "ann"));
    List<Future<Revision>> patches =
        IntStream.range(0, 4)
            .mapToObj(i -> json("{\"metrics\":{\"m" + i + "\":{}}}"))
            .map(patch -> types.patch("valve", patch, Precondition.NONE, "ann"))
            .toList();

    patches.forEach(patch -> answer(patch));
    assertThat(answer(types.get("valve")).document()).contains("m0", "m1", "m2", "m3");
    assertThat(answer(types.get("valve")).version()).isEqualTo(5);
  }

  @Test
  void listeners_hear_of_each_change_and_of_all_types_at_the_next_start() {
    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));
    answer(types.put("pump", json("{}"), Precondition.NONE, "ann"));
    answer(types.patch("pump", json("{\"offlineAfter\":9}"), Precondition.NONE, "ann"));
    answer(types.put("meter", json("{}"), Precondition.NONE, "ann"));
    answer(types.delete("meter", Precondition.NONE, "ann"));
    assertThat(changes).containsExactly("valve", "pump", "pump", "meter", "meter deleted");

    changes.clear();
    DeviceTypes next = opened();
    assertThat(changes).containsExactly("pump", "valve");
    assertThat(next.isDefined("pump")).isTrue();
    assertThat(next.isDefined("meter")).isFalse();
  }

  @Test
  void each_version_is_an_event() {
    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));
    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));
    answer(types.patch("valve", json("{\"offlineAfter\":9}"), Precondition.NONE, "ann"));
    answer(types.delete("valve", Precondition.NONE, "ann"));
    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));

    assertThat(events)
        .containsExactly(
            new Event.DeviceTypeChanged("valve", Change.CREATED, 1),
            new Event.DeviceTypeChanged("valve", Change.UPDATED, 2),
            new Event.DeviceTypeChanged("valve", Change.DELETED, 3),
            new Event.DeviceTypeChanged("valve", Change.CREATED, 4));
    opened();
    assertThat(events).hasSize(4);
  }

  @Test
  void events_of_changes_that_race_come_in_the_order_of_the_versions() {
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i ->
                answer(
                    i % 5 == 4
                        ? types.delete("valve", Precondition.NONE, "ann").otherwiseEmpty()
                        : types
                            .put("valve", offlineAfter(i + 1), Precondition.NONE, "ann")
                            .mapEmpty()));

    assertThat(events)
        .extracting(Event.DeviceTypeChanged::version)
        .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(events).hasSizeGreaterThan(150);
  }

  @Test
  void changes_of_another_node_apply_here() {
    DeviceTypes other = opened();

    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));
    await().until(() -> other.isDefined("valve"));
    assertThat(answer(other.rules("valve")).orElseThrow().command("open")).isNotNull();

    answer(types.put("valve", offlineAfter(7), Precondition.NONE, "ann"));
    await().until(() -> answer(other.rules("valve")).orElseThrow().command("open") == null);

    answer(types.delete("valve", Precondition.NONE, "ann"));
    await().until(() -> !other.isDefined("valve"));
    assertThat(answer(other.rules("valve"))).isEmpty();
  }

  @Test
  void two_nodes_that_change_a_type_at_the_same_time_agree_in_the_end() {
    DeviceTypes other = opened();
    IntStream.range(0, 100)
        .parallel()
        .forEach(
            i -> {
              DeviceTypes node = i % 2 == 0 ? types : other;
              answer(
                  i % 5 == 4
                      ? node.delete("valve", Precondition.NONE, "ann").otherwiseEmpty()
                      : node.put("valve", offlineAfter(i + 1), Precondition.NONE, "ann")
                          .mapEmpty());
            });

    Optional<Duration> last = offlineAfter(opened());
    await().until(() -> last.equals(offlineAfter(types)) && last.equals(offlineAfter(other)));
  }

  private static Optional<Duration> offlineAfter(DeviceTypes node) {
    return answer(node.rules("valve")).map(rules -> rules.type().offlineAfter());
  }

  @Test
  void a_change_of_another_node_is_read_again_until_the_store_answers() {
    AtomicInteger reads = new AtomicInteger();
    DeviceTypes other = opened(failing(reads, 2));

    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));

    await().until(() -> other.isDefined("valve"));
    assertThat(reads).hasValueGreaterThan(2);
  }

  /** A store whose first look-ups of a type fail. */
  private DeviceTypeStore failing(AtomicInteger reads, int failures) {
    Refusal broken = new Refusal(ErrorCode.UNAVAILABLE, "the disk is broken");
    return intercepted(
        "find", found -> reads.incrementAndGet() <= failures ? Future.failedFuture(broken) : found);
  }

  /** A store that passes on the results of one method when another future has succeeded. */
  private DeviceTypeStore intercepted(String name, UnaryOperator<Future<?>> first) {
    DeviceTypeStore store = new SqliteDeviceTypeStore(database);
    Object proxy =
        Proxy.newProxyInstance(
            DeviceTypeStore.class.getClassLoader(),
            new Class<?>[] {DeviceTypeStore.class},
            (self, method, arguments) -> {
              Object result = method.invoke(store, arguments);
              return method.getName().equals(name)
                  ? ((Future<?>) result).compose(page -> first.apply((Future<?>) result).map(page))
                  : result;
            });
    return (DeviceTypeStore) proxy;
  }

  @Test
  void a_change_of_another_node_during_the_start_is_not_missed() {
    answer(types.put("valve", OPEN, Precondition.NONE, "ann"));

    DeviceTypes next =
        opened(intercepted("list", page -> types.put("pump", OPEN, Precondition.NONE, "ann")));

    await().until(() -> next.isDefined("pump"));
  }

  @Test
  void a_stored_document_that_does_not_fit_any_more_validates_nothing() {
    DeviceTypeStore store = new SqliteDeviceTypeStore(database);
    answer(store.revise("valve", present -> "{\"from\":\"the future\"}", "ann", 1, done -> {}));
    DeviceTypes next = opened();

    assertThat(answer(next.rules("valve"))).isEmpty();
    assertThat(answer(next.get("valve")).document()).contains("future");
    assertThat(next.isEmpty()).isFalse();
  }

  private static Json offlineAfter(int seconds) {
    return json("{\"offlineAfter\":" + seconds + "}");
  }
}
