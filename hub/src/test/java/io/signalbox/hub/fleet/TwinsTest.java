package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Twin;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class TwinsTest {
  @TempDir Path directory;
  private FleetRoom room;
  private Twins twins;

  @BeforeEach
  void open() throws Exception {
    room = new FleetRoom(directory);
    room.register("a");
    room.event();
    twins = room.twins;
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void each_half_has_a_version_of_its_own() throws Exception {
    answer(twins.patchDesired("a", "{\"target\":21.5}", null, "anna"));
    answer(twins.patchDesired("a", "{\"mode\":\"eco\"}", null, "anna"));
    Twin twin = answer(twins.patchReported("a", "{\"target\":20}"));

    assertThat(twin)
        .isEqualTo(
            new Twin(
                new Twin.Side(2, "{\"target\":21.5,\"mode\":\"eco\"}"),
                new Twin.Side(1, "{\"target\":20}")));
    assertThat(answer(twins.get("a"))).isEqualTo(twin);
    room.event();
    room.event();
    assertThat(room.event()).isEqualTo(new Event.TwinChanged("a", twin));
  }

  @Test
  void a_null_removes_a_member() {
    answer(twins.patchReported("a", "{\"x\":1,\"y\":{\"z\":2}}"));

    assertThat(answer(twins.patchReported("a", "{\"x\":null,\"y\":{\"z\":null}}")).reported())
        .isEqualTo(new Twin.Side(2, "{\"y\":{}}"));
  }

  @Test
  void a_patch_that_changes_nothing_makes_no_version_and_no_event() {
    answer(twins.patchReported("a", "{\"x\":1}"));
    answer(twins.patchReported("a", "{\"x\":1,\"gone\":null}"));
    Twin twin = answer(twins.patchReported("a", "{\"x\":2}"));

    assertThat(twin.reported().version()).isEqualTo(2);
  }

  @Test
  void who_expects_another_version_is_refused() {
    answer(twins.patchDesired("a", "{\"x\":1}", 0L, "anna"));

    assertThat(refusal(twins.patchDesired("a", "{\"x\":2}", 0L, "bert")).kind())
        .isEqualTo(Kind.PRECONDITION_FAILED);
    assertThat(answer(twins.patchDesired("a", "{\"x\":2}", 1L, "bert")).desired().version())
        .isEqualTo(2);
  }

  @Test
  void what_is_wrong_with_a_patch_is_said() {
    assertThat(refusal(twins.patchReported("a", "[]")).kind()).isEqualTo(Kind.INVALID);
    assertThat(refusal(twins.patchReported("a", "{")).kind()).isEqualTo(Kind.MALFORMED);
    assertThat(refusal(twins.patchDesired("b", "{}", null, "anna")).kind())
        .isEqualTo(Kind.UNKNOWN_DEVICE);
    assertThat(refusal(twins.get("b")).kind()).isEqualTo(Kind.UNKNOWN_DEVICE);
  }
}
