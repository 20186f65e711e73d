package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class TwinServiceTest {
  @TempDir Path directory;
  private FleetFixture fixture;
  private TwinService twins;

  @BeforeEach
  void open() throws Exception {
    fixture = new FleetFixture(directory);
    fixture.register("a");
    fixture.event();
    twins = fixture.twins;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void desired_and_reported_have_separate_versions() throws Exception {
    answer(twins.patchDesired("a", "{\"target\":21.5}", Precondition.NONE, "anna"));
    answer(twins.patchDesired("a", "{\"mode\":\"eco\"}", Precondition.NONE, "anna"));
    Twin twin = answer(twins.patchReported("a", "{\"target\":20}"));

    assertThat(twin)
        .isEqualTo(
            new Twin(
                new Twin.Side(2, "{\"target\":21.5,\"mode\":\"eco\"}"),
                new Twin.Side(1, "{\"target\":20}")));
    assertThat(answer(twins.get("a"))).isEqualTo(twin);
    fixture.event();
    fixture.event();
    assertThat(fixture.event()).isEqualTo(new Event.TwinChanged("a", twin));
  }

  @Test
  void a_null_removes_a_member() {
    answer(twins.patchReported("a", "{\"x\":1,\"y\":{\"z\":2}}"));

    assertThat(answer(twins.patchReported("a", "{\"x\":null,\"y\":{\"z\":null}}")).reported())
        .isEqualTo(new Twin.Side(2, "{\"y\":{}}"));
  }

  @Test
  void a_patch_without_effect_creates_no_version_and_no_event() {
    answer(twins.patchReported("a", "{\"x\":1}"));
    answer(twins.patchReported("a", "{\"x\":1,\"gone\":null}"));
    Twin twin = answer(twins.patchReported("a", "{\"x\":2}"));

    assertThat(twin.reported().version()).isEqualTo(2);
  }

  @Test
  void a_failed_precondition_is_refused() {
    answer(twins.patchDesired("a", "{\"x\":1}", Precondition.oneOf(Set.of(0L)), "anna"));

    Refusal refusal =
        refusal(twins.patchDesired("a", "{\"x\":2}", Precondition.oneOf(Set.of(0L)), "bert"));
    assertThat(refusal.kind()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
    assertThat(refusal.detail())
        .isEqualTo("desired is at version 1; expected 0; the ETag is now \"1-0\"");
    assertThat(
            answer(twins.patchDesired("a", "{\"x\":2}", Precondition.oneOf(Set.of(1L)), "bert"))
                .desired()
                .version())
        .isEqualTo(2);
  }

  @Test
  void the_history_has_author_and_time_of_each_change() {
    fixture.clock.set(7_000_000);
    answer(twins.patchDesired("a", "{\"x\":{\"y\":1}}", Precondition.NONE, "anna"));
    answer(twins.patchReported("a", "{\"x\":{\"y\":-0.0},\"gone\":null}"));

    assertThat(answer(twins.history("a", null, null, 10)).items())
        .containsExactly(
            new TwinChange(TwinChange.Side.REPORTED, 1, 7_000_000, "a", "{\"x\":{\"y\":-0.0}}"),
            new TwinChange(TwinChange.Side.DESIRED, 1, 7_000_000, "anna", "{\"x\":{\"y\":1}}"));
  }

  @Test
  void events_of_patches_that_race_come_in_the_order_of_their_versions() throws Exception {
    IntStream.range(0, 300)
        .parallel()
        .forEach(
            i -> answer(twins.patchDesired("a", "{\"x\":" + i + "}", Precondition.NONE, "anna")));

    for (long version = 1; version <= 300; version++) {
      Event.TwinChanged event = (Event.TwinChanged) fixture.event();
      assertThat(event.twin().desired().version()).isEqualTo(version);
    }
  }

  @Test
  void a_caller_that_is_slow_to_continue_does_not_delay_its_event() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    SlowToReturn store = new SlowToReturn(fixture.fleet.stores().twins(), second);
    twins = new TwinService(store, fixture.twinTopic, fixture.clock);

    Thread slow =
        Thread.ofPlatform()
            .start(() -> twins.patchDesired("a", "{\"x\":1}", Precondition.NONE, "anna"));
    await().until(() -> answer(twins.get("a")).desired().version() == 1);
    answer(twins.patchDesired("a", "{\"x\":2}", Precondition.NONE, "anna"));
    second.countDown();
    slow.join();

    for (long version = 1; version <= 2; version++) {
      Event.TwinChanged event = (Event.TwinChanged) fixture.event();
      assertThat(event.twin().desired().version()).isEqualTo(version);
    }
  }

  /** A store whose first revision returns only after a second one is complete. */
  private static final class SlowToReturn implements TwinStore {
    private final TwinStore store;
    private final CountDownLatch second;
    private final AtomicBoolean first = new AtomicBoolean(true);

    SlowToReturn(TwinStore store, CountDownLatch second) {
      this.store = store;
      this.second = second;
    }

    @Override
    public Future<Revision> revise(
        String device, Change change, String by, long at, Consumer<Revision> committed) {
      Future<Revision> revision = store.revise(device, change, by, at, committed);
      if (first.getAndSet(false)) {
        try {
          second.await();
        } catch (InterruptedException impossible) {
          throw new IllegalStateException(impossible);
        }
      }
      return revision;
    }

    @Override
    public Future<Twin> find(String device) {
      return store.find(device);
    }

    @Override
    public Future<Page<TwinChange>> history(
        String device, TwinChange.@Nullable Side side, @Nullable String cursor, int limit) {
      return store.history(device, side, cursor, limit);
    }
  }

  @Test
  void an_invalid_patch_is_refused_with_the_reason() {
    assertThat(refusal(twins.patchReported("a", "[]")).kind()).isEqualTo(ErrorCode.INVALID);
    assertThat(refusal(twins.patchReported("a", "{")).kind()).isEqualTo(ErrorCode.MALFORMED);
    assertThat(refusal(twins.patchDesired("b", "{}", Precondition.NONE, "anna")).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(twins.get("b")).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
  }
}
