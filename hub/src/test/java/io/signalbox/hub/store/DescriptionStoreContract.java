package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static io.signalbox.hub.store.Results.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DescriptionStore;
import io.signalbox.hub.fleet.DescriptionStore.Saved;
import io.signalbox.hub.fleet.DescriptionStore.StoredDescription;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@code DescriptionStore}. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class DescriptionStoreContract {
  private FleetStores stores;
  private DescriptionStore descriptions;

  /** Opens an empty store. */
  protected abstract FleetStores empty();

  /** Other instances on the same contents, as another node of a cluster has them. */
  protected abstract FleetStores second();

  /** A new instance of the store of descriptions on the same data. */
  protected abstract DescriptionStore descriptions();

  private List<DescriptionStore> both() {
    return List.of(descriptions, descriptions());
  }

  @BeforeEach
  void open() {
    stores = empty();
    descriptions = descriptions();
    stores.insert("a", "b");
  }

  private Saved put(String device, String document, long at) {
    return answer(descriptions.put(device, document, at, ignored -> {}));
  }

  @Test
  void a_device_that_said_nothing_has_no_description() {
    assertThat(answer(descriptions.find("a"))).isEmpty();
    assertThat(answer(descriptions.isEmpty())).isTrue();
    assertThat(answer(descriptions.versions("a", null, 10)))
        .isEqualTo(new Page<>(List.of(), null, 0));
  }

  @Test
  void an_unknown_device_is_refused() {
    assertThat(refusal(descriptions.find("x")).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(descriptions.versions("x", null, 1)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    List<Saved> committed = new ArrayList<>();
    assertThat(refusal(descriptions.put("x", "{}", 1, committed::add)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(committed).isEmpty();
  }

  @Test
  void a_description_is_version_one_and_a_different_one_version_two() {
    answer(
        stores
            .devices()
            .insert(
                List.of(
                    FleetStores.entry(
                        new Device("c", null, null, Map.of("site", "north"), true, 1_000))),
                ignored -> {}));
    List<Saved> committed = new ArrayList<>();
    Saved first = answer(descriptions.put("c", "{\"firmware\":\"1\"}", 7, committed::add));
    Saved second = answer(descriptions.put("c", "{\"firmware\":\"2\"}", 8, committed::add));

    assertThat(first)
        .isEqualTo(
            new Saved(
                new StoredDescription(1, 7, "{\"firmware\":\"1\"}"),
                true,
                Map.of("site", "north")));
    assertThat(second.description().version()).isEqualTo(2);
    assertThat(committed).containsExactly(first, second);
    assertThat(answer(descriptions.find("c"))).contains(second.description());
    assertThat(answer(descriptions.find("a"))).isEmpty();
    assertThat(answer(descriptions.isEmpty())).isFalse();
  }

  @Test
  void the_same_description_makes_no_version() {
    Saved first = put("a", "{\"serial\":\"1\"}", 7);
    Saved again = put("a", "{\"serial\":\"1\"}", 8);

    assertThat(again).isEqualTo(new Saved(first.description(), false, Map.of()));
  }

  @Test
  void concurrent_descriptions_on_both_instances_are_versions_without_gap_or_repeat() {
    List<Future<Saved>> puts =
        IntStream.rangeClosed(1, 20)
            .mapToObj(i -> both().get(i % 2).put("a", "{\"n\":%d}".formatted(i), i, ignored -> {}))
            .toList();

    List<StoredDescription> saved = puts.stream().map(each -> answer(each).description()).toList();
    assertThat(saved)
        .extracting(StoredDescription::version)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
    assertThat(answer(descriptions().versions("a", null, 100)).items())
        .containsExactlyInAnyOrderElementsOf(saved);
  }

  @Test
  void of_two_instances_that_store_one_description_one_makes_a_version() {
    List<DescriptionStore> both = both();
    for (int round = 1; round <= 20; round++) {
      String document = "{\"n\":%d}".formatted(round);
      Future<Saved> one = both.get(0).put("a", document, 7, ignored -> {});
      Future<Saved> two = both.get(1).put("a", document, 7, ignored -> {});

      assertThat(List.of(answer(one).isNew(), answer(two).isNew()))
          .containsExactlyInAnyOrder(true, false);
      assertThat(answer(two).description()).isEqualTo(answer(one).description());
    }
    assertThat(answer(descriptions.find("a")).orElseThrow().version()).isEqualTo(20);
  }

  @Test
  void units_that_both_instances_set_are_kept_together() {
    List<DescriptionStore> both = both();
    List<Future<Void>> puts =
        IntStream.range(0, 20)
            .mapToObj(i -> both.get(i % 2).putUnits("a", Map.of("m" + i, "Cel")))
            .toList();
    puts.forEach(Results::answer);

    assertThat(answer(both.get(1).units("a"))).hasSize(20);
  }

  @Test
  void what_is_stored_while_its_device_is_deleted_does_not_reach_the_successor() {
    DescriptionStore other = descriptions();
    for (int round = 0; round < 20; round++) {
      List<Future<?>> changes =
          List.of(
              other.put("a", "{}", 1, ignored -> {}),
              other.putUnits("a", Map.of("t", "K")),
              second().devices().delete("a", () -> {}),
              other.put("a", "{}", 1, ignored -> {}),
              other.putUnits("a", Map.of("t", "K")));
      assertThat(refusals(changes)).allMatch(ErrorCode.UNKNOWN_DEVICE::equals);
      answer(stores.devices().deletionOver("a"));
      stores.insert("a");

      assertThat(answer(descriptions.find("a"))).isEmpty();
      assertThat(answer(descriptions.units("a"))).isEmpty();
    }
  }

  @Test
  void the_newest_versions_are_kept_and_paged() {
    int last = DescriptionStore.KEPT_VERSIONS + 3;
    for (int i = 1; i <= last; i++) {
      put("a", "{\"n\":%d}".formatted(i), i);
    }
    Page<StoredDescription> page = answer(descriptions.versions("a", null, 5));

    assertThat(page.total()).isEqualTo(DescriptionStore.KEPT_VERSIONS);
    assertThat(page.items()).extracting(StoredDescription::version).startsWith((long) last);
    assertThat(page.items()).hasSize(5);
    assertThat(answer(descriptions.versions("a", page.next(), 100)).items())
        .hasSize(DescriptionStore.KEPT_VERSIONS - 5)
        .first()
        .extracting(StoredDescription::version)
        .isEqualTo((long) last - 5);
    assertThat(refusal(descriptions.versions("a", "?", 1)).kind()).isEqualTo(ErrorCode.INVALID);
  }

  @Test
  void units_are_kept_by_metric_and_deleted_with_the_device() {
    answer(descriptions.putUnits("a", Map.of("t", "Cel", "p", "Pa")));
    answer(descriptions.putUnits("a", Map.of("p", "bar")));
    answer(descriptions.putUnits("x", Map.of("p", "bar")));

    assertThat(answer(descriptions.units("a"))).isEqualTo(Map.of("t", "Cel", "p", "bar"));
    assertThat(answer(descriptions.units("b"))).isEmpty();
    assertThat(answer(descriptions.units("x"))).isEmpty();
    stores.delete("a");
    stores.insert("a");
    assertThat(answer(descriptions.units("a"))).isEmpty();
  }

  @Test
  void units_of_many_devices_are_found_together() {
    answer(descriptions.putUnits("a", Map.of("t", "Cel", "p", "Pa")));
    answer(descriptions.putUnits("b", Map.of("t", "K")));

    assertThat(answer(descriptions.units(List.of("a", "b", "x"))))
        .isEqualTo(Map.of("a", Map.of("t", "Cel", "p", "Pa"), "b", Map.of("t", "K")));
    assertThat(answer(descriptions.units(List.of("b")))).containsOnlyKeys("b");
    assertThat(answer(descriptions.units(List.of()))).isEmpty();
  }

  @Test
  void described_units_are_those_of_the_newest_descriptions() {
    put("a", "{\"metrics\":{\"t\":{\"unit\":\"K\"},\"old\":{\"unit\":\"m\"}}}", 1);
    put(
        "a",
        "{\"metrics\":{\"t\":{\"unit\":\"Cel\"},\"a\\\"b.c\":{\"unit\":\"\u00b5m\"},\"n\":{}}}",
        2);
    put("b", "{\"firmware\":\"1\"}", 3);

    assertThat(answer(descriptions.describedUnits(List.of("a", "b", "x"))))
        .isEqualTo(Map.of("a", Map.of("t", "Cel", "a\"b.c", "\u00b5m")));
    assertThat(answer(descriptions.describedUnits(List.of("b")))).isEmpty();
  }

  @Test
  void a_description_is_deleted_with_its_device() {
    put("a", "{\"serial\":\"1\"}", 7);
    put("b", "{\"serial\":\"2\"}", 7);
    stores.delete("a");
    stores.insert("a");

    assertThat(answer(descriptions.find("a"))).isEmpty();
    assertThat(answer(descriptions.find("b"))).isPresent();
    assertThat(put("a", "{\"serial\":\"3\"}", 9).description().version()).isEqualTo(1);
  }
}
