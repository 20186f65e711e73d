package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.testsupport.UpgradeStrippingProxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Automatic transport selection on networks that block or buffer some transports. */
class TransportFallbackTest {
  private final FakeHub hub = new FakeHub();
  private final FakeDeviceHttp deviceHttp = new FakeDeviceHttp(hub);
  private final UpgradeStrippingProxy proxy = UpgradeStrippingProxy.before(hub.url());

  @AfterEach
  void close() {
    proxy.close();
    hub.close();
  }

  @Test
  void on_an_open_network_it_uses_the_websocket() {
    proxy.letUpgradesPass(true);
    try (SimulationRun run = device()) {
      assertThat(hub.sessions).hasSize(1);
      assertThat(deviceHttp.received).isEmpty();
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void without_upgrades_it_uses_server_sent_events() {
    try (SimulationRun run = device()) {
      assertThat(proxy.stripped()).isEqualTo(1);
      deviceHttp.addCommand("sim-0001", "c1", "identify");
      run.until(() -> deviceHttp.statuses("c1").equals(List.of("succeeded")));
      assertThat(deviceHttp.at("commands")).hasSize(1);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("sse  ").doesNotContain("longpoll  ");
    }
  }

  @Test
  void when_streams_are_rejected_it_uses_long_polls() {
    deviceHttp.streams = false;
    try (SimulationRun run = device()) {
      deviceHttp.addCommand("sim-0001", "c1", "identify");
      run.until(() -> deviceHttp.statuses("c1").equals(List.of("succeeded")));
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("longpoll  ");
    }
  }

  @Test
  void when_streams_are_buffered_it_uses_long_polls() {
    proxy.buffer(true);
    try (SimulationRun run = device()) {
      deviceHttp.addCommand("sim-0001", "c1", "identify");
      run.until(() -> deviceHttp.statuses("c1").equals(List.of("succeeded")));
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("longpoll  ");
    }
  }

  @Test
  void after_a_loss_it_reconnects_by_the_transport_that_worked() {
    try (SimulationRun run = device()) {
      deviceHttp.cutStreams();
      run.until(() -> deviceHttp.at("commands").size() == 2);
      assertThat(proxy.stripped()).isEqualTo(1);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void it_returns_to_the_better_transport_without_loss() {
    try (SimulationRun run = device("--upgrade-after", "300ms")) {
      run.until(() -> proxy.stripped() > 1);
      proxy.letUpgradesPass(true);
      run.until(() -> hub.sessions.size() == 1);
      long before = run.acked();
      run.until(() -> run.acked() > before + 50);
      int requestsBefore = deviceHttp.received.size();
      run.until(() -> run.acked() > before + 100);
      assertThat(deviceHttp.received).hasSize(requestsBefore);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void an_unavailable_hub_does_not_cause_a_transport_fallback() {
    proxy.letUpgradesPass(true);
    try (SimulationRun run = device()) {
      proxy.stop();
      run.until(() -> run.unacked() > 40);
      proxy.restart();
      long before = run.acked();
      run.until(() -> run.acked() > before + 40);
      assertThat(deviceHttp.received).isEmpty();
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  private SimulationRun device(String... options) {
    List<String> line = new ArrayList<>(List.of("--devices", "1", "--model", "thermostat"));
    line.addAll(List.of("--rate", "40", "--transport", "auto", "--verify"));
    line.addAll(List.of(options));
    SimulationRun run =
        SimulationRun.against(proxy.url(), FakeHub.API_KEY, line.toArray(String[]::new));
    run.until(() -> run.acked() > 10);
    return run;
  }
}
