package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.TwinStore;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.model.TwinChange.Side;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@code TwinStore}. */
public abstract class TwinStoreContract {
  /** Number of stored changes per side. */
  public static final int KEPT = 5;

  private static final TwinStore.Revision NOTHING = new TwinStore.Revision(Twin.EMPTY, Twin.EMPTY);

  private FleetStores stores;

  /** Opens an empty store. */
  protected abstract FleetStores empty();

  /** Other instances on the same contents, as another node of a cluster has them. */
  protected abstract FleetStores second();

  @BeforeEach
  void open() {
    stores = empty();
    stores.insert("a", "b");
  }

  @Test
  void the_twin_of_a_new_device_is_empty() {
    assertThat(answer(stores.twins().find("a"))).isEqualTo(Twin.EMPTY);
  }

  @Test
  void an_unknown_device_has_no_twin() {
    assertThat(refusal(stores.twins().find("x")).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    assertThat(
            refusal(stores.twins().revise("x", TwinStoreContract::counted, "me", 1, ignored -> {}))
                .kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
  }

  @Test
  void callbacks_come_in_the_order_of_the_commits_and_before_the_future() {
    List<Long> versions = new CopyOnWriteArrayList<>();
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i -> {
              long version =
                  answer(
                          stores
                              .twins()
                              .revise(
                                  "a",
                                  TwinStoreContract::counted,
                                  "me",
                                  i,
                                  revision -> versions.add(revision.after().desired().version())))
                      .after()
                      .desired()
                      .version();
              assertThat(versions).contains(version);
            });

    assertThat(versions).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
  }

  @Test
  void a_refused_revision_has_no_callback() {
    AtomicBoolean called = new AtomicBoolean();
    refusal(
        stores
            .twins()
            .revise("x", TwinStoreContract::counted, "me", 1, revision -> called.set(true)));

    assertThat(called).isFalse();
  }

  @Test
  void a_callback_that_throws_harms_neither_its_change_nor_the_next() {
    answer(
        stores
            .twins()
            .revise(
                "a",
                TwinStoreContract::counted,
                "me",
                1,
                revision -> {
                  throw new IllegalStateException("a test throws");
                }));
    answer(stores.twins().revise("a", TwinStoreContract::counted, "me", 2, ignored -> {}));

    assertThat(answer(stores.twins().find("a")).desired().version()).isEqualTo(2);
  }

  @Test
  void a_revision_contains_the_state_before_and_after() {
    TwinStore.Revision revision =
        answer(stores.twins().revise("a", TwinStoreContract::counted, "me", 1, ignored -> {}));

    assertThat(revision.before()).isEqualTo(Twin.EMPTY);
    assertThat(revision.isChange()).isTrue();
    assertThat(answer(stores.twins().find("a"))).isEqualTo(revision.after());
    assertThat(answer(stores.twins().find("b"))).isEqualTo(Twin.EMPTY);
  }

  @Test
  void a_refused_revision_changes_nothing() {
    Refusal refusal =
        refusal(
            stores
                .twins()
                .revise(
                    "a",
                    twin -> {
                      throw new Refusal(Refusal.ErrorCode.PRECONDITION_FAILED, "no");
                    },
                    "me",
                    1,
                    ignored -> {}));

    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.PRECONDITION_FAILED);
    assertThat(answer(stores.twins().find("a"))).isEqualTo(Twin.EMPTY);
  }

  @Test
  void concurrent_revisions_are_not_lost() {
    var revisions =
        IntStream.range(0, 1_000)
            .mapToObj(
                i -> stores.twins().revise("a", TwinStoreContract::counted, "me", i, ignored -> {}))
            .toList();

    assertThat(
            revisions.stream().map(Results::answer).map(each -> each.after().desired().version()))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(answer(stores.twins().find("a")).desired().version()).isEqualTo(1_000);
  }

  @Test
  void concurrent_revisions_on_both_instances_are_not_lost_and_each_version_is_in_the_history() {
    FleetStores other = second();
    List<Future<TwinStore.Revision>> revisions =
        IntStream.range(0, 100)
            .mapToObj(i -> i % 2 == 0 ? stores : other)
            .map(
                each ->
                    each.twins().revise("a", TwinStoreContract::counted, "me", 1, ignored -> {}))
            .toList();

    assertThat(revisions)
        .extracting(each -> answer(each).after().desired().version())
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    assertThat(answer(other.twins().find("a"))).isEqualTo(answer(stores.twins().find("a")));
    assertThat(answer(other.twins().history("a", null, null, 10)).items())
        .extracting(TwinChange::version)
        .containsExactly(100L, 99L, 98L, 97L, 96L);
  }

  @Test
  void a_wish_and_a_report_at_the_same_moment_on_both_instances_keep_each_other() {
    FleetStores other = second();
    for (int round = 1; round <= 20; round++) {
      String state = "{\"x\":%d}".formatted(round);
      Future<?> wish =
          stores.twins().revise("a", TwinStoreContract::counted, "me", 1, ignored -> {});
      Future<?> report =
          other.twins().revise("a", twin -> reported(twin, state), "a", 1, ignored -> {});
      answer(wish);
      answer(report);

      Twin twin = answer(stores.twins().find("a"));
      assertThat(twin.desired().version()).isEqualTo(round);
      assertThat(twin.reported()).isEqualTo(new Twin.Side(round, state));
    }
  }

  @Test
  void the_history_lists_author_and_change_newest_first() {
    answer(stores.twins().revise("a", TwinStoreContract::counted, "anna", 7, ignored -> {}));
    answer(
        stores
            .twins()
            .revise("a", twin -> reported(twin, "{\"x\":1,\"y\":2}"), "a", 8, ignored -> {}));
    answer(
        stores.twins().revise("a", twin -> reported(twin, "{\"x\":1.0}"), "a", 6, ignored -> {}));
    answer(stores.twins().revise("a", twin -> twin, "bert", 9, ignored -> {}));

    TwinChange first = new TwinChange(Side.REPORTED, 1, 8, "a", "{\"x\":1,\"y\":2}");
    TwinChange second = new TwinChange(Side.REPORTED, 2, 6, "a", "{\"y\":null,\"x\":1.0}");
    TwinChange wish = new TwinChange(Side.DESIRED, 1, 7, "anna", "{\"n\":1}");
    assertThat(history("a", null, null, 10))
        .isEqualTo(new Page<>(List.of(second, first, wish), null, 3));
    assertThat(history("a", Side.REPORTED, null, 10).items()).containsExactly(second, first);
    assertThat(history("a", Side.DESIRED, null, 10).items()).containsExactly(wish);
    assertThat(history("b", null, null, 10).items()).isEmpty();
  }

  @Test
  void the_history_keeps_the_newest_changes_per_side_and_is_paged() {
    answer(stores.twins().revise("a", twin -> reported(twin, "{\"x\":1}"), "a", 1, ignored -> {}));
    IntStream.range(0, 20)
        .forEach(
            i ->
                answer(
                    stores
                        .twins()
                        .revise("a", TwinStoreContract::counted, "me", i, ignored -> {})));

    Page<TwinChange> first = history("a", Side.DESIRED, null, 3);
    Page<TwinChange> second = history("a", Side.DESIRED, first.next(), 3);

    assertThat(first.items()).extracting(TwinChange::version).containsExactly(20L, 19L, 18L);
    assertThat(second.items()).extracting(TwinChange::version).containsExactly(17L, 16L);
    assertThat(second.next()).isNull();
    assertThat(first.total()).isEqualTo(KEPT);
    assertThat(history("a", Side.REPORTED, null, 3).items()).hasSize(1);
  }

  @Test
  void a_refused_revision_is_not_in_the_history() {
    answer(
        stores
            .twins()
            .revise("a", TwinStoreContract::refusing, "me", 1, ignored -> {})
            .otherwise(NOTHING));

    assertThat(history("a", null, null, 10).items()).isEmpty();
  }

  @Test
  void a_reregistered_device_has_no_twin_or_history_of_the_former_one() {
    answer(stores.twins().revise("a", TwinStoreContract::counted, "me", 1, ignored -> {}));
    stores.delete("a");
    assertThat(refusal(stores.twins().history("a", null, null, 10)).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    stores.insert("a");

    assertThat(answer(stores.twins().find("a"))).isEqualTo(Twin.EMPTY);
    assertThat(history("a", null, null, 10)).isEqualTo(new Page<>(List.of(), null, 0));
  }

  @Test
  void an_invalid_cursor_is_refused() {
    assertThat(refusal(stores.twins().history("a", null, "no cursor", 10)).field())
        .isEqualTo("cursor");
  }

  private Page<TwinChange> history(
      String device, @Nullable Side side, @Nullable String cursor, int limit) {
    return answer(stores.twins().history(device, side, cursor, limit));
  }

  private static Twin refusing(Twin twin) {
    throw new Refusal(Refusal.ErrorCode.PRECONDITION_FAILED, "no");
  }

  private static Twin reported(Twin twin, String state) {
    return new Twin(twin.desired(), new Twin.Side(twin.reported().version() + 1, state));
  }

  private static Twin counted(Twin twin) {
    long next = twin.desired().version() + 1;
    return new Twin(new Twin.Side(next, "{\"n\":%d}".formatted(next)), twin.reported());
  }
}
