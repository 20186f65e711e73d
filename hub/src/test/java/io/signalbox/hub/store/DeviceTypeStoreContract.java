package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static io.signalbox.hub.store.Results.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.devicetype.DeviceTypeStore;
import io.signalbox.hub.devicetype.DeviceTypeStore.Revision;
import io.signalbox.hub.devicetype.DeviceTypeStore.StoredType;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@code DeviceTypeStore}. */
public abstract class DeviceTypeStoreContract {
  private DeviceTypeStore store;

  /** Opens an empty store. */
  protected abstract DeviceTypeStore empty();

  /** Other instances on the same contents, as another node of a cluster has them. */
  protected abstract DeviceTypeStore second();

  @BeforeEach
  void open() {
    store = empty();
  }

  @Test
  void a_type_that_was_never_defined_does_not_exist() {
    assertThat(answer(store.find("valve"))).isEmpty();
    assertThat(refusal(store.versions("valve", null, 10)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE_TYPE);
    assertThat(refusal(delete("valve", Precondition.NONE, "ann", 1)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE_TYPE);
    assertThat(answer(store.list(null, 10))).isEqualTo(new Page<>(List.of(), null, 0));
  }

  @Test
  void a_definition_is_version_one_and_its_change_version_two() {
    Revision first = answer(put("valve", "{\"a\":1}"));
    Revision second = answer(put("valve", "{\"a\":2}"));

    assertThat(first.isNew()).isTrue();
    assertThat(first.after()).isEqualTo(new StoredType("valve", 1, 7, "ann", "{\"a\":1}"));
    assertThat(second.isNew()).isFalse();
    assertThat(second.before()).isEqualTo(first.after());
    assertThat(answer(store.find("valve"))).contains(second.after());
    assertThat(second.after().version()).isEqualTo(2);
    assertThat(answer(store.list(null, 10)).total()).isEqualTo(1);
  }

  @Test
  void the_same_document_makes_no_version() {
    Revision first = answer(put("valve", "{\"a\":1}"));
    Revision again = answer(put("valve", "{\"a\":1}"));

    assertThat(again.after()).isEqualTo(first.after());
    assertThat(again.isNew()).isFalse();
    assertThat(answer(store.versions("valve", null, 10)).total()).isEqualTo(1);
  }

  @Test
  void a_refused_change_changes_nothing() {
    Refusal refusal =
        refusal(
            store.revise(
                "valve",
                present -> {
                  throw new Refusal(ErrorCode.PRECONDITION_FAILED, "no");
                },
                "ann",
                7,
                revised -> {}));

    assertThat(refusal.kind()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
    assertThat(answer(store.find("valve"))).isEmpty();
  }

  @Test
  void concurrent_changes_are_not_lost() {
    List<Future<Revision>> changes =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    store.revise(
                        "valve",
                        present -> "{\"n\":%d}".formatted(next(present)),
                        "ann",
                        i,
                        revised -> {}))
            .toList();

    changes.forEach(Results::answer);
    assertThat(answer(store.find("valve")).orElseThrow().document()).isEqualTo("{\"n\":200}");
    assertThat(answer(store.find("valve")).orElseThrow().version()).isEqualTo(200);
  }

  @Test
  void concurrent_changes_on_both_instances_are_versions_without_gap_or_repeat() {
    DeviceTypeStore other = second();
    List<Future<Revision>> changes =
        IntStream.range(0, 50)
            .mapToObj(i -> i % 2 == 0 ? store : other)
            .map(
                each ->
                    each.revise(
                        "valve",
                        present -> "{\"n\":%d}".formatted(next(present)),
                        "ann",
                        7,
                        revised -> {}))
            .toList();

    assertThat(changes)
        .extracting(change -> answer(change).after().version())
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
    assertThat(answer(other.find("valve"))).isEqualTo(answer(store.find("valve")));
    assertThat(answer(other.versions("valve", null, 100)).items())
        .extracting(StoredType::document)
        .doesNotHaveDuplicates()
        .hasSize(50);
  }

  @Test
  void of_concurrent_deletions_on_both_instances_one_succeeds() {
    DeviceTypeStore other = second();
    for (int round = 0; round < 20; round++) {
      long version = answer(put("valve", "{}")).after().version();
      Precondition precondition = Precondition.oneOf(Set.of(version));

      assertThat(
              refusals(
                  List.of(
                      store.delete("valve", precondition, "ann", 8, deletion -> {}),
                      other.delete("valve", precondition, "bert", 8, deletion -> {}))))
          .containsExactly(ErrorCode.UNKNOWN_DEVICE_TYPE);
      assertThat(answer(other.versions("valve", null, 1)).items().getFirst().version())
          .isEqualTo(version + 1);
    }
  }

  private static long next(@Nullable StoredType present) {
    return present == null ? 1 : present.version() + 1;
  }

  @Test
  void callbacks_come_in_the_order_of_the_commits() {
    List<Long> versions = Collections.synchronizedList(new ArrayList<>());
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i ->
                answer(
                    store.revise(
                        "valve",
                        present -> "{\"n\":%d}".formatted(i),
                        "ann",
                        i,
                        revised -> versions.add(revised.after().version()))));
    answer(
        store.delete(
            "valve", Precondition.NONE, "ann", 1, deletion -> versions.add(deletion.version())));

    assertThat(versions).hasSize(201).isSorted().endsWith(200L, 201L);
  }

  @Test
  void a_deleted_type_keeps_its_versions_and_goes_on_counting() {
    answer(put("valve", "{\"a\":1}"));
    answer(delete("valve", Precondition.NONE, "bert", 8));

    assertThat(answer(store.find("valve"))).isEmpty();
    assertThat(answer(store.list(null, 10)).items()).isEmpty();
    assertThat(answer(store.versions("valve", null, 10)).items())
        .containsExactly(
            new StoredType("valve", 2, 8, "bert", null),
            new StoredType("valve", 1, 7, "ann", "{\"a\":1}"));
    assertThat(refusal(delete("valve", Precondition.NONE, "bert", 9)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE_TYPE);

    Revision again = answer(put("valve", "{\"a\":1}"));
    assertThat(again.isNew()).isTrue();
    assertThat(again.after().version()).isEqualTo(3);
  }

  @Test
  void a_deletion_checks_its_precondition() {
    answer(put("valve", "{\"a\":1}"));

    assertThat(refusal(delete("valve", Precondition.oneOf(Set.of(2L)), "bert", 8)).kind())
        .isEqualTo(ErrorCode.PRECONDITION_FAILED);
    assertThat(answer(store.find("valve"))).isPresent();
    answer(delete("valve", Precondition.oneOf(Set.of(1L)), "bert", 8));
  }

  @Test
  void types_are_listed_by_name_in_pages() {
    for (String name : List.of("valve", "Pump", "meter")) {
      answer(put(name, "{}"));
    }

    Page<StoredType> first = answer(store.list(null, 2));
    Page<StoredType> second = answer(store.list(first.next(), 2));
    assertThat(first.items()).extracting(StoredType::name).containsExactly("Pump", "meter");
    assertThat(first.total()).isEqualTo(3);
    assertThat(second.items()).extracting(StoredType::name).containsExactly("valve");
    assertThat(second.next()).isNull();
  }

  @Test
  void the_newest_versions_are_kept_and_paged_newest_first() {
    int versions = DeviceTypeStore.KEPT_VERSIONS + 5;
    IntStream.rangeClosed(1, versions).forEach(i -> answer(put("valve", "{\"n\":" + i + "}")));

    Page<StoredType> first = answer(store.versions("valve", null, DeviceTypeStore.KEPT_VERSIONS));
    assertThat(first.items()).hasSize(DeviceTypeStore.KEPT_VERSIONS);
    assertThat(first.items().getFirst().version()).isEqualTo(versions);
    assertThat(first.items().getLast().version()).isEqualTo(6);
    assertThat(first.next()).isNull();

    Page<StoredType> some = answer(store.versions("valve", null, 3));
    Page<StoredType> more = answer(store.versions("valve", some.next(), 3));
    assertThat(more.items().getFirst().version()).isEqualTo(versions - 3);
    assertThat(refusal(store.versions("valve", "no cursor", 3)).field()).isEqualTo("cursor");
  }

  @Test
  void the_number_of_types_is_limited() {
    List<Future<Revision>> types =
        IntStream.range(0, DeviceTypeStore.MAX_TYPES)
            .mapToObj(i -> put("type-" + i, "{}"))
            .toList();
    types.forEach(Results::answer);

    assertThat(refusal(put("one-more", "{}")).kind()).isEqualTo(ErrorCode.CONFLICT);
    answer(delete("type-0", Precondition.NONE, "ann", 8));
    assertThat(
            refusals(
                List.of(
                    put("one", "{}"),
                    second().revise("two", present -> "{}", "ann", 7, revised -> {}))))
        .containsExactly(ErrorCode.CONFLICT);
    answer(put("type-7", "{\"a\":1}"));
    answer(delete("type-7", Precondition.NONE, "ann", 8));
    answer(put("one-more", "{}"));
  }

  private Future<Revision> put(String name, String document) {
    return store.revise(name, present -> document, "ann", 7, revised -> {});
  }

  private Future<Void> delete(String name, Precondition precondition, String by, long at) {
    return store.delete(name, precondition, by, at, deletion -> {});
  }
}
