package io.signalbox.hub.deletion;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.deletion.DeviceDeletion.Outcome;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.recorder.RecorderEntry;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deletion of a device is complete, whichever store refuses and whenever the hub is killed. */
@SuppressWarnings("NullAway.Init") // set before each test
class DeviceDeletionTest {
  private static final String PUMP = "pump";

  @TempDir private Path directory;
  private DeletionFixture hub;

  @BeforeEach
  void start() {
    hub = DeletionFixture.started(directory);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private void restart() {
    hub.close();
    start();
  }

  @Test
  void a_device_registered_later_inherits_nothing() {
    hub.used(PUMP);

    assertThat(answer(hub.deletion.delete(PUMP))).isEqualTo(Outcome.DONE);

    assertNothingIsInherited();
  }

  @Test
  void a_hub_killed_after_the_registry_deletion_completes_it_at_start() {
    Command left = hub.used(PUMP);
    answer(hub.registry.delete(PUMP));

    restart();

    assertThat(answer(hub.commands.get(left.id())).state()).isEqualTo(State.CANCELLED);
    assertThat(answer(hub.history.metrics(PUMP))).isEmpty();
    assertThat(answer(hub.registry.deletion(PUMP))).isEmpty();
    assertNothingIsInherited();
  }

  @Test
  void a_hub_that_is_killed_while_the_telemetry_store_refuses_completes_the_deletion() {
    hub.used(PUMP);
    hub.telemetry.refusesToForget = true;
    assertThat(answer(hub.deletion.delete(PUMP))).isEqualTo(Outcome.PENDING);

    restart();

    assertNothingIsInherited();
  }

  @Test
  void readings_are_removed_even_if_the_commands_cannot_be_ended() {
    Command left = hub.used(PUMP);
    hub.commandsRefuse.set(true);

    assertThat(answer(hub.deletion.delete(PUMP))).isEqualTo(Outcome.PENDING);

    assertThat(answer(hub.history.metrics(PUMP))).isEmpty();
    assertThat(refusal(hub.register(PUMP)).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    restart();
    assertThat(answer(hub.commands.get(left.id())).state()).isEqualTo(State.CANCELLED);
    assertNothingIsInherited();
  }

  @Test
  void after_a_kill_before_the_record_is_removed_the_id_can_be_registered() {
    hub.used(PUMP);
    answer(hub.deletion.delete(PUMP));
    assertThat(answer(hub.registry.deletion(PUMP))).isPresent();

    restart();

    assertThat(answer(hub.registry.deletion(PUMP))).isEmpty();
    assertNothingIsInherited();
  }

  @Test
  void registering_a_deleted_id_waits_for_the_deletion() {
    hub.used(PUMP);
    hub.telemetry.refusesToForget = true;
    answer(hub.deletion.delete(PUMP));
    assertThat(refusal(hub.register(PUMP)).kind()).isEqualTo(ErrorCode.UNAVAILABLE);

    hub.telemetry.refusesToForget = false;

    assertNothingIsInherited();
  }

  @Test
  void the_sweep_retries_a_store_that_refused() {
    hub.used(PUMP);
    hub.telemetry.refusesToForget = true;
    answer(hub.deletion.delete(PUMP));
    answer(hub.deletion.sweep());
    assertThat(answer(hub.history.metrics(PUMP))).isNotEmpty();

    hub.telemetry.refusesToForget = false;
    answer(hub.deletion.sweep());

    assertThat(answer(hub.history.metrics(PUMP))).isEmpty();
    answer(hub.deletion.sweep());
    assertThat(answer(hub.registry.deletion(PUMP))).isEmpty();
  }

  @Test
  void a_repeated_deletion_continues_until_it_is_complete() {
    hub.used(PUMP);
    hub.telemetry.refusesToForget = true;
    assertThat(answer(hub.deletion.delete(PUMP))).isEqualTo(Outcome.PENDING);
    assertThat(answer(hub.deletion.delete(PUMP))).isEqualTo(Outcome.PENDING);
    hub.telemetry.refusesToForget = false;
    assertThat(answer(hub.deletion.delete(PUMP))).isEqualTo(Outcome.DONE);

    assertThat(refusal(hub.deletion.delete(PUMP)).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(answer(hub.history.metrics(PUMP))).isEmpty();
  }

  @Test
  void readings_in_flight_during_the_deletion_are_removed_too() {
    hub.used(PUMP);
    answer(hub.deletion.delete(PUMP));
    hub.report(PUMP);

    answer(hub.deletion.sweep());
    answer(hub.deletion.sweep());

    assertThat(answer(hub.history.metrics(PUMP))).isEmpty();
    assertThat(answer(hub.registry.deletions(0, 10))).isEmpty();
  }

  @Test
  void pending_recorder_entries_of_a_deleted_device_are_not_written_to_a_new_one() {
    hub.used(PUMP);
    answer(hub.deletion.delete(PUMP));
    hub.recorder.note(
        PUMP,
        RecorderEntry.Kind.DISCONNECTED,
        "deleted",
        "session 1 is over",
        RecorderEntry.ConnectionInfo.UNKNOWN);

    assertNothingIsInherited();
  }

  /**
   * Deletions, registrations and sweeps at the same time: what is acknowledged to a device stays.
   */
  @Test
  void a_new_device_keeps_its_data_however_late_the_deletion_of_the_former_one_continues() {
    Random random = new Random(11);
    for (int round = 0; round < 40; round++) {
      String device = "round-" + round;
      hub.used(device);
      List<Future<?>> under = new ArrayList<>();
      hub.telemetry.refusesToForget = random.nextBoolean();
      under.add(hub.deletion.delete(device));
      under.add(hub.deletion.sweep());
      hub.telemetry.refusesToForget = false;
      under.add(hub.deletion.delete(device).otherwiseEmpty());
      answer(under.getFirst());
      answer(hub.register(device));
      under.add(hub.deletion.sweep());
      hub.report(device);
      Command own = answer(hub.submit(device));
      under.add(hub.deletion.sweep());
      answer(Future.join(under));
      answer(hub.deletion.sweep());

      assertThat(answer(hub.history.metrics(device))).as("round %d", round).hasSize(1);
      assertThat(hub.commandsOf(device)).extracting(Command::id).containsExactly(own.id());
      assertThat(hub.commandsOf(device).getFirst().state()).isEqualTo(State.QUEUED);
    }
  }

  private void assertNothingIsInherited() {
    answer(hub.register(PUMP));
    assertThat(answer(hub.history.metrics(PUMP))).isEmpty();
    assertThat(answer(hub.history.latest(List.of(PUMP)))).isEmpty();
    assertThat(hub.commandsOf(PUMP)).isEmpty();
    assertThat(answer(hub.twins.get(PUMP)).desired().version()).isZero();
    assertThat(answer(hub.recorder.notes(PUMP))).isEmpty();
  }
}
