package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.TelemetrySchedule;
import io.signalbox.hub.store.redis.telemetry.DeviceSealer.Prepared;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sequences of operations of two nodes (readings in time, late, repeated or of changing
 * types, deletions, seals at the same time, seals that are given up or written late) compared with
 * sorted maps.
 */
class RedisScheduleTest extends TelemetrySchedule {
  private final List<Prepared> givenUp = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void the_stores_of_two_nodes_equal_a_sorted_map(long seed) {
    Random random = new Random(seed);
    try (RedisTelemetry redis = new RedisTelemetry()) {
      for (int start = 0; start < 10; start++) {
        RedisTelemetryStore one = redis.open(settings(random), HubClock.ofSystem());
        RedisTelemetryStore two = redis.open(settings(random), HubClock.ofSystem());
        for (int i = random.nextInt(40); i >= 0; i--) {
          step(random.nextBoolean() ? one : two, random);
          seal(random, one, two);
        }
        compare(one);
        compare(two);
        Results.answer(one.close());
        Results.answer(two.close());
      }
    }
  }

  private static RedisTelemetrySettings settings(Random random) {
    return new RedisTelemetrySettings(
        Duration.ZERO,
        Duration.ofMillis(random.nextInt(2)),
        4 + random.nextInt(20),
        100_000,
        20 + random.nextInt(1_000),
        Duration.ofMinutes(30),
        0,
        Duration.ofHours(1));
  }

  private void seal(Random random, RedisTelemetryStore one, RedisTelemetryStore two) {
    String device = DEVICES[random.nextInt(DEVICES.length)];
    switch (random.nextInt(8)) {
      case 0 -> Results.answer(Future.join(one.sealer().seal(device), two.sealer().seal(device)));
      case 1 -> {
        @Nullable Prepared prepared = Results.answer(one.sealer().prepare(device));
        if (prepared != null) {
          givenUp.add(prepared);
        }
      }
      case 2 -> {
        if (!givenUp.isEmpty()) {
          Results.answer(two.sealer().write(givenUp.remove(random.nextInt(givenUp.size()))));
        }
      }
      default -> {
        // Only what the appends themselves seal.
      }
    }
  }
}
