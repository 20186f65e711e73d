package io.signalbox.hub.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Device;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  @Test
  void an_id_for_a_device_ends_with_its_bucket_and_is_random_otherwise() {
    Set<Long> random = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String device = "pump-" + i;
      String id = ids.next(device);
      UUID uuid = UUID.fromString(id);

      assertThat(uuid.version()).isEqualTo(7);
      assertThat(uuid.variant()).isEqualTo(2);
      assertThat(UuidV7Generator.bucketOf(id)).hasValue(Device.bucketOf(device));
      random.add(uuid.getLeastSignificantBits() >>> 6);
    }

    assertThat(random).hasSize(1_000);
  }

  @Test
  void ids_for_devices_and_others_grow_together() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      made.add(ids.next("pump-" + i % 7));
      made.add(ids.next());
    }

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void a_text_that_is_no_id_of_this_kind_has_no_bucket() {
    String id = ids.next("pump-7");

    for (String other :
        List.of("", "a", id + "0", id.substring(1), id.replaceAll("-7", "-4"), id + "\n")) {
      assertThat(UuidV7Generator.bucketOf(other)).isEmpty();
    }
  }

  private List<String> many(int count) {
    return IntStream.range(0, count).mapToObj(i -> ids.next()).toList();
  }
}
