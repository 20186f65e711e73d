package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.devicetype.TypeRules;
import io.signalbox.hub.fleet.DescriptionStore.StoredDescription;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptions that change while their rules are looked up. */
@SuppressWarnings("NullAway.Init") // set before each test
class DeviceDescriptionsTest {
  private static final String FLOW = "{\"metrics\":{\"flow\":{}}}";
  private static final String LEVEL = "{\"metrics\":{\"level\":{}}}";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();

  /** Run before the next look-ups of a description, one each. */
  private final Queue<Supplier<Future<?>>> beforeFind = new ConcurrentLinkedQueue<>();

  private FleetFixture fixture;
  private DeviceDescriptions descriptions;

  @BeforeEach
  void open() {
    fixture = new FleetFixture(directory);
    DescriptionStore store = interrupted(new SqliteDescriptionStore(fixture.fleet.database()));
    descriptions = new DeviceDescriptions(store, fixture.registry, new ManualClock(1_000));
    answer(descriptions.open(vertx));
    fixture.register("a");
    fixture.register("b");
  }

  @AfterEach
  void close() {
    answer(vertx.close());
    fixture.close();
  }

  private DescriptionStore interrupted(DescriptionStore store) {
    return (DescriptionStore)
        Proxy.newProxyInstance(
            DescriptionStore.class.getClassLoader(),
            new Class<?>[] {DescriptionStore.class},
            (proxy, method, arguments) -> {
              Supplier<Future<?>> before =
                  method.getName().equals("find") ? beforeFind.poll() : null;
              return before == null
                  ? method.invoke(store, arguments)
                  : before.get().compose(done -> store.find((String) arguments[0]));
            });
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  private Future<StoredDescription> describe(String device, String said) {
    return descriptions.put(device, said);
  }

  private Future<Optional<TypeRules>> rules(String device) {
    return descriptions.complete(device, Optional.empty());
  }

  @Test
  void a_description_that_has_changed_during_the_look_up_is_read_again() {
    answer(describe("a", FLOW));
    beforeFind.add(DeviceDescriptionsTest::nothing);
    beforeFind.add(() -> describe("a", LEVEL));

    assertThat(answer(rules("a")).orElseThrow().type().metrics()).containsOnlyKeys("level");
    assertThat(beforeFind).isEmpty();
  }

  @Test
  void a_look_up_gives_up_when_the_description_changes_all_the_time() {
    answer(describe("a", FLOW));
    for (int i = 0; i < 10; i++) {
      String said = "{\"metrics\":{\"m%d\":{}}}".formatted(i);
      beforeFind.add(DeviceDescriptionsTest::nothing);
      beforeFind.add(() -> describe("a", said));
    }

    Refusal refused = refusal(rules("a"));

    assertThat(refused.kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refused.detail()).contains("too often");
    assertThat(beforeFind).isEmpty();
    assertThat(answer(rules("a")).orElseThrow().type().metrics()).containsOnlyKeys("m9");
  }

  @Test
  void the_deletion_of_a_device_does_not_fail_the_look_up_of_another_that_says_the_same() {
    answer(describe("a", FLOW));
    answer(describe("b", FLOW));
    Promise<Void> deleted = Promise.promise();
    beforeFind.add(DeviceDescriptionsTest::nothing);
    beforeFind.add(deleted::future);
    Future<Optional<TypeRules>> former = rules("a");
    await().until(beforeFind::isEmpty);
    Future<Optional<TypeRules>> same = rules("b");

    answer(fixture.registry.delete("a"));
    deleted.complete();

    assertThat(answer(former)).isEmpty();
    assertThat(answer(same)).isPresent();
  }
}
