package io.signalbox.hub.store.redis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.TelemetryStoreFixture;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Retention in whole days, the limit of size, old open strings, and deletion of devices. */
class RedisRetentionTest extends TelemetryStoreFixture {
  private static final long MONDAY = Instant.parse("2026-11-16T00:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = 24 * HOUR;
  private static final long MAX_BYTES = 30_000;

  private final RedisTelemetry redis = new RedisTelemetry();
  private final RedisLink link = redis.link();
  private final ManualClock clock = new ManualClock(MONDAY);

  @Override
  protected TelemetryStore open() {
    return open(RedisTelemetry.TINY.withRetention(Duration.ofDays(2)));
  }

  private RedisTelemetryStore open(RedisTelemetrySettings settings) {
    return redis.open(settings, clock);
  }

  private RedisTelemetryStore redisStore() {
    return (RedisTelemetryStore) store;
  }

  @AfterEach
  @Override
  protected void closeStore() {
    super.closeStore();
    redis.close();
  }

  @Test
  void expired_days_are_deleted_and_others_stay_complete() {
    List<Point> sent = hourly("pump", 24 * 7);
    append("pump", new Reading("t", MONDAY + HOUR / 2, num(-1)));
    seal("pump");
    clock.set(MONDAY + 7 * DAY - HOUR);
    long cutoff = MONDAY + 4 * DAY;

    round();

    // Remaining readings of older days share a chunk of eight, or are among too few for a chunk.
    assertThat(read("pump", "t")).containsAll(sent.subList(4 * 24, 7 * 24));
    assertThat(read("pump", "t").stream().filter(point -> point.ts() < cutoff - 8 * HOUR))
        .extracting(Point::value)
        .containsOnly(num(-1));
    assertThat(metrics("pump").getFirst().first()).isEqualTo(read("pump", "t").getFirst().ts());
    assertThat(metrics("pump").getFirst().count()).isEqualTo(read("pump", "t").size());
    assertThat(latest("pump")).hasSize(1);
  }

  @Test
  void a_series_with_only_expired_readings_is_deleted() {
    hourly("pump", 30);
    hourly("fan", 5);
    clock.set(MONDAY + 10 * DAY);
    append("fan", new Reading("t", MONDAY + 10 * DAY, num(1)));

    round();

    assertThat(metrics("pump")).isEmpty();
    assertThat(latest("pump")).isEmpty();
    assertThat(read("pump", "t")).isEmpty();
    assertThat(exists("pump", "tails") + exists("pump", "bodies") + heads("pump", "t")).isZero();
    assertThat(read("fan", "t")).containsExactly(new Point(MONDAY + 10 * DAY, num(1)));
    seal("fan");
    round();
    assertThat(store.statistics().series()).isEqualTo(1);
    assertThat(read("fan", "t")).containsExactly(new Point(MONDAY + 10 * DAY, num(1)));
  }

  @Test
  void a_seal_that_began_before_a_series_was_deleted_starts_again() {
    hourly("pump", 30);
    clock.set(MONDAY + 10 * DAY);
    append("pump", new Reading("t", MONDAY + 10 * DAY, num(1)));
    DeviceSealer sealer = redisStore().sealer();
    DeviceSealer.Prepared prepared = await(sealer.prepare("pump"));

    round();

    assertThat(await(sealer.write(prepared))).isFalse();
    assertThat(await(sealer.seal("pump"))).isTrue();
    assertThat(read("pump", "t")).containsExactly(new Point(MONDAY + 10 * DAY, num(1)));
  }

  @Test
  void the_oldest_chunks_are_deleted_while_all_are_too_large() {
    await(store.close());
    store = open(RedisTelemetry.TINY.withMaxBytes(MAX_BYTES));
    List<Point> old = hourly("pump", 24 * 40);
    clock.set(MONDAY + 60 * DAY);
    List<Point> young = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      young.add(new Point(MONDAY + 60 * DAY + i * 60_000L, num(i)));
    }
    appendAll("fan", "t", young);
    seal("fan");
    assertThat(bytes()).isGreaterThan(MAX_BYTES);

    round();
    round();
    round();

    assertThat(bytes()).isBetween(MAX_BYTES / 2, MAX_BYTES);
    assertThat(read("fan", "t")).isEqualTo(young);
    List<Point> left = read("pump", "t");
    assertThat(left).isEqualTo(old.subList(old.size() - left.size(), old.size()));
    assertThat(redisStore().droppedReadings()).isEqualTo(old.size() - left.size());
    assertThat(metrics("pump").getFirst().count()).isEqualTo(left.size());
  }

  @Test
  void an_old_open_string_is_sealed() {
    append("pump", new Reading("t", MONDAY, num(1)));
    clock.advance(Duration.ofMinutes(29).toMillis());
    round();
    assertThat(exists("pump", "open")).isEqualTo(1);

    clock.advance(Duration.ofMinutes(2).toMillis());
    round();

    Awaitility.await().until(() -> exists("pump", "open") == 0);
    assertThat(read("pump", "t")).containsExactly(new Point(MONDAY, num(1)));
    assertThat(latest("pump")).containsEntry("t", new Reading("t", MONDAY, num(1)));
  }

  @Test
  void a_deleted_device_leaves_nothing() {
    hourly("pump", 24 * 100);
    append("pump", new Reading("t", MONDAY, num(1)), new Reading("p", MONDAY, num(1)));
    assertThat(bytes()).isPositive();

    await(store.forget("pump"));

    for (String kind : List.of("open", "series", "tails", "bodies")) {
      assertThat(exists("pump", kind)).as(kind).isZero();
    }
    assertThat(heads("pump", "t") + bytes()).isZero();
    round();
    assertThat(store.statistics().series()).isZero();
  }

  private List<Point> hourly(String device, int hours) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < hours; i++) {
      points.add(new Point(MONDAY + i * HOUR, num(i)));
    }
    appendAll(device, "t", points);
    seal(device);
    return points;
  }

  private void seal(String device) {
    Awaitility.await()
        .until(() -> await(redisStore().sealer().seal(device)) || exists(device, "open") == 0);
  }

  private void round() {
    await(redisStore().due().round());
  }

  private int exists(String device, String kind) {
    return send(Request.cmd(Command.EXISTS).arg(redis.keys().of(device, kind))).toInteger();
  }

  private int heads(String device, String metric) {
    return send(Request.cmd(Command.ZCARD).arg(redis.keys().of(device, "heads") + '/' + metric))
        .toInteger();
  }

  /** Bytes by the counters of all partitions. */
  private long bytes() {
    return redis
        .keys()
        .inAll("telemetry")
        .map(key -> await(link.send(Request.cmd(Command.HGET).arg(key).arg("bytes"))))
        .mapToLong(found -> found == null ? 0 : found.toLong())
        .sum();
  }

  private Response send(Request request) {
    return await(link.send(request));
  }
}
