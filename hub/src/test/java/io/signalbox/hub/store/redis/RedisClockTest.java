package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.clock.HubClock;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisClockTest {
  private static final long MILLI = 1_000_000;
  private static final long WALL = 1_700_000_000_000L * MILLI;

  private final Vertx vertx = Vertx.vertx();
  private final ClockSamples samples = new ClockSamples();

  @AfterEach
  void close() {
    answer(vertx.close());
  }

  @Test
  void the_time_is_that_of_redis_and_goes_on_while_redis_is_away() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = answer(RedisLink.open(vertx, server.url()));
      RedisClock clock = answer(RedisClock.open(vertx, link, new RedisKeys("test", 4)));
      Response time = answer(link.send(Request.cmd(Command.TIME)));
      long redis = time.get(0).toLong() * 1_000 + time.get(1).toLong() / 1_000;
      assertThat(clock.millis()).isCloseTo(redis, within(150L));
      HubClock hub = new HubClock(clock::millis, System::nanoTime);
      assertThat(hub.wallMillis()).isCloseTo(clock.millis(), within(150L));

      server.kill();
      await().until(() -> link.trouble() != null);

      long before = clock.millis();
      assertThat(before).isGreaterThanOrEqualTo(redis);
      await().until(() -> clock.millis() > before + 5);
      clock.close();
      answer(link.close());
    }
  }

  @Test
  void the_sample_with_the_shortest_round_trip_counts() {
    assertThat(samples.add(0, 50 * MILLI, WALL + 40 * MILLI)).isTrue();
    assertThat(samples.offset()).isEqualTo(WALL + 15 * MILLI);

    samples.add(1_000 * MILLI, 1_002 * MILLI, WALL + 1_001 * MILLI);
    samples.add(2_000 * MILLI, 2_020 * MILLI, WALL + 2_019 * MILLI);

    assertThat(samples.offset()).isEqualTo(WALL);
  }

  @Test
  void a_round_trip_over_100_ms_is_ignored() {
    assertThat(samples.add(0, 101 * MILLI, WALL)).isFalse();
    assertThat(samples.add(0, 100 * MILLI, WALL)).isTrue();
  }

  @Test
  void old_samples_are_forgotten_when_drift_has_made_them_wrong() {
    samples.add(0, MILLI / 10, WALL);
    for (long i = 1; i <= 8; i++) {
      long asked = i * 1_000 * MILLI;
      samples.add(asked, asked + MILLI, WALL + asked - i * MILLI / 10);
    }

    assertThat(samples.offset()).isEqualTo(WALL - MILLI / 10 - MILLI / 2);
  }

  @Test
  void a_clock_that_was_set_is_followed_at_once() {
    samples.add(0, 2 * MILLI, WALL);
    samples.add(1_000 * MILLI, 1_080 * MILLI, WALL + 61_040 * MILLI);

    assertThat(samples.offset()).isEqualTo(WALL + 60_000 * MILLI);
  }
}
