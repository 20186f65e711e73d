package io.signalbox.hub.store.redis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisServer;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis or a node that is killed at any time loses and repeats nothing. */
class RedisTelemetryKillTest {
  private static final long T0 = 1_780_000_000_000L;
  private static final int DEVICES = 5;
  private static final SeriesRange ALL = new SeriesRange("", "t", Long.MIN_VALUE, Long.MAX_VALUE);

  private final RedisServer server = RedisServer.start();
  private final RedisKeys keys = new RedisKeys("kill", 2);
  private final List<RedisLink> links = new ArrayList<>();

  @AfterEach
  void close() {
    links.forEach(link -> Results.answer(link.close().otherwiseEmpty()));
    server.close();
  }

  private RedisTelemetryStore node() {
    RedisLink link = Results.answer(RedisLink.open(RedisTelemetry.VERTX, server.url()));
    links.add(link);
    return RedisTelemetry.open(
        link, keys, RedisTelemetry.TINY, HubClock.ofSystem(), "node-" + links.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 300, 900})
  void everything_acknowledged_is_there_once_after_redis_is_killed(int enough) throws Exception {
    List<Set<Integer>> acknowledged = new ArrayList<>();
    for (int device = 0; device < DEVICES; device++) {
      acknowledged.add(new TreeSet<>());
    }
    RedisTelemetryStore one = node();
    RedisTelemetryStore two = node();
    Semaphore answered = new Semaphore(0);
    List<Future<BatchResult>> answers = new ArrayList<>();
    int sent = 0;
    for (boolean killed = false; !killed; sent++) {
      int number = sent;
      answers.add(
          (number % 2 == 0 ? one : two).append(batch(number)).onSuccess(ok -> answered.release()));
      if (sent % 16 == 15) {
        answers.get(sent - 15).await();
      }
      killed = answered.availablePermits() >= enough;
    }
    server.kill();
    for (int number = 0; number < sent; number++) {
      if (isStored(answers.get(number))) {
        acknowledged.get(number % DEVICES).add(number);
      }
    }
    server.restart();

    RedisTelemetryStore after = node();
    for (int device = 0; device < DEVICES; device++) {
      assertContents(after, device, acknowledged.get(device), sent);
      Results.answer(after.sealer().seal("d" + device));
      assertContents(after, device, acknowledged.get(device), sent);
    }
  }

  @Test
  void once_redis_is_back_the_store_has_no_trouble_although_nothing_is_appended() {
    RedisTelemetryStore store = node();
    server.kill();
    assertThat(isStored(store.append(batch(1)))).isFalse();
    server.restart();

    Awaitility.await().until(() -> links.getFirst().trouble() == null);
    assertThat(store.trouble()).isNull();
  }

  private static TelemetryBatch batch(int number) {
    Reading reading = new Reading("t", T0 + number, new Value.Num(number));
    return new TelemetryBatch(
        List.of(new TelemetryMessage("d" + number % DEVICES, List.of(reading))), 1);
  }

  private static boolean isStored(Future<BatchResult> answer) {
    return Results.answer(answer.transform(outcome -> Future.succeededFuture(outcome.succeeded())));
  }

  private static void assertContents(
      RedisTelemetryStore store, int device, Set<Integer> acknowledged, int sent) {
    String id = "d" + device;
    List<Point> points =
        Results.answer(
            store.read(new SeriesRange(id, "t", ALL.from(), ALL.to()), Integer.MAX_VALUE));
    List<Integer> numbers = points.stream().map(point -> (int) (point.ts() - T0)).toList();
    assertThat(numbers)
        .containsAll(acknowledged)
        .allMatch(number -> number < sent && number % DEVICES == device);
    assertThat(points).allMatch(point -> point.value().equals(new Value.Num(point.ts() - T0)));
    assertThat(Results.answer(store.metrics(id)).getFirst().count()).isEqualTo(points.size());
  }

  @Test
  void a_node_that_dies_while_it_seals_has_changed_nothing() {
    RedisTelemetryStore dying = node();
    RedisTelemetryStore living = node();
    for (int number = 0; number < 50; number += DEVICES) {
      Results.answer(dying.append(batch(number)));
    }
    DeviceSealer.Prepared prepared = Results.answer(dying.sealer().prepare("d0"));

    assertContents(living, 0, Set.of(0, 5, 45), 50);
    Results.answer(living.append(batch(50)));
    while (Results.answer(living.sealer().seal("d0"))) {
      // An append may have asked for a seal, which was faster.
    }
    Results.answer(living.append(batch(55)));
    assertThat(prepared == null || !Results.answer(dying.sealer().write(prepared))).isTrue();

    assertContents(living, 0, Set.of(0, 45, 50, 55), 56);
  }
}
