package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.sim.api.HubApiException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationTest {
  private final FakeHub hub = new FakeHub();

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void devices_that_exist_already_get_a_new_key() {
    hub.keys.put("sim-0001", "sbd_somebody-elses-key");
    try (SimulationRun run =
        SimulationRun.against(hub, "--devices", "2", "--rate", "20", "--duration", "0.3")) {
      assertThat(run.code()).as(run::printed).isZero();
      assertThat(run.printed()).contains("1 existed and got a new key");
      assertThat(hub.keys.get("sim-0001")).startsWith("sbd_").hasSizeGreaterThan(24);
    }
  }

  @Test
  void a_large_fleet_is_registered_in_chunks_with_a_key_each() {
    try (SimulationRun run = SimulationRun.against(hub, "--devices", "1203", "--rate", "0.001")) {
      run.until(() -> hub.sessions.size() == 1203);
      assertThat(hub.keys.values()).doesNotHaveDuplicates().hasSize(1203);
    }
  }

  @Test
  void a_wrong_api_key_is_reported_in_one_line() {
    try (SimulationRun run = SimulationRun.against(hub.url(), "sbk_wrong", "--devices", "1")) {
      assertThatThrownBy(run::code)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(HubApiException.class)
          .hasMessageContaining("does not accept this API key");
    }
  }

  @Test
  void registration_is_retried_when_the_hub_closes_connections() {
    AtomicInteger closed = new AtomicInteger();
    hub.commands(
        request -> {
          boolean closes = closed.incrementAndGet() <= 2;
          if (closes) {
            request.connection().close().onFailure(gone -> {});
          }
          return closes;
        });
    try (SimulationRun run =
        SimulationRun.against(hub, "--devices", "2", "--rate", "20", "--duration", "0.3")) {
      assertThat(run.code()).as(run::printed).isZero();
      assertThat(run.printed()).contains("registered 2 devices");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void registration_is_retried_when_the_hub_is_starting_or_busy(int status) {
    AtomicInteger refused = new AtomicInteger();
    hub.commands(
        request -> {
          boolean refuses = refused.incrementAndGet() <= 2;
          if (refuses) {
            FakeHub.reply(request, status, "{\"detail\":\"not yet\"}");
          }
          return refuses;
        });
    try (SimulationRun run =
        SimulationRun.against(hub, "--devices", "2", "--rate", "20", "--duration", "0.3")) {
      assertThat(run.code()).as(run::printed).isZero();
    }
  }

  @Test
  void a_hub_that_closes_every_connection_is_reported_in_one_line_with_exit_code_3() {
    hub.commands(
        request -> {
          request.connection().close().onFailure(gone -> {});
          return true;
        });
    String[] line = {
      "--hub", hub.url(), "--key", FakeHub.API_KEY, "--devices", "1", "--verify-timeout", "0.5"
    };
    assertThat(Main.run(line)).isEqualTo(3);
    assertThatThrownBy(
            () -> SimulationRun.against(hub, "--devices", "1", "--verify-timeout", "0.5").code())
        .cause()
        .isInstanceOf(HubApiException.class)
        .hasMessageContaining("the hub at " + hub.url() + " does not answer: ");
  }

  @Test
  void an_unreachable_hub_is_reported_in_one_line() {
    String nowhere = hub.url();
    hub.close();
    try (SimulationRun run = SimulationRun.against(nowhere, FakeHub.API_KEY, "--devices", "1")) {
      assertThatThrownBy(run::code).hasMessageContaining("no hub at " + nowhere);
    }
  }
}
