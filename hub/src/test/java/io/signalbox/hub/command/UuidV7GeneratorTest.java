package io.signalbox.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UuidV7GeneratorTest {
  private final ManualClock clock = new ManualClock(1_764_000_000_000L);
  private final UuidV7Generator ids = new UuidV7Generator(clock);

  @Test
  void an_id_is_a_uuid_of_version_7_that_starts_with_the_time() {
    UUID id = UUID.fromString(ids.next());

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(clock.get());
  }

  @Test
  void ids_grow_when_the_clock_stops_or_goes_back() {
    List<String> made = new ArrayList<>(many(10_000));
    clock.addAndGet(-60_000);
    made.addAll(many(10_000));
    clock.addAndGet(3_600_000);
    made.addAll(many(10));

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  private List<String> many(int count) {
    return IntStream.range(0, count).mapToObj(i -> ids.next()).toList();
  }
}
