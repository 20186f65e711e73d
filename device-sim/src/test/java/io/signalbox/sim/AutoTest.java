package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.testsupport.UpgradeStrippingProxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A device that finds its way to the hub by itself, through networks that are not what they should
 * be.
 */
class AutoTest {
  private final TinyHub hub = new TinyHub();
  private final TinyVisits visits = new TinyVisits(hub);
  private final UpgradeStrippingProxy proxy = UpgradeStrippingProxy.before(hub.url());

  @AfterEach
  void close() {
    proxy.close();
    hub.close();
  }

  @Test
  void where_nothing_is_in_the_way_it_takes_the_websocket() {
    proxy.letUpgradesPass(true);
    try (Run run = device()) {
      assertThat(hub.sessions).hasSize(1);
      assertThat(visits.said).isEmpty();
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void where_upgrades_are_taken_away_it_goes_on_with_an_event_stream() {
    try (Run run = device()) {
      assertThat(proxy.stripped()).isEqualTo(1);
      visits.give("sim-0001", "c1", "identify");
      run.until(() -> visits.statuses("c1").equals(List.of("succeeded")));
      assertThat(visits.at("commands")).hasSize(1);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("sse  ").doesNotContain("longpoll  ");
    }
  }

  @Test
  void where_streams_are_refused_too_it_holds_polls() {
    visits.streams = false;
    try (Run run = device()) {
      visits.give("sim-0001", "c1", "identify");
      run.until(() -> visits.statuses("c1").equals(List.of("succeeded")));
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("longpoll  ");
    }
  }

  @Test
  void where_streams_are_held_back_it_holds_polls() {
    proxy.buffer(true);
    try (Run run = device()) {
      visits.give("sim-0001", "c1", "identify");
      run.until(() -> visits.statuses("c1").equals(List.of("succeeded")));
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("longpoll  ");
    }
  }

  @Test
  void after_a_loss_it_calls_by_the_way_that_worked() {
    try (Run run = device()) {
      visits.cutStreams();
      run.until(() -> visits.at("commands").size() == 2);
      assertThat(proxy.stripped()).isEqualTo(1);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void it_returns_to_the_better_way_when_that_works_again_and_loses_nothing() {
    try (Run run = device("--better-after", "300ms")) {
      run.until(() -> proxy.stripped() > 1);
      proxy.letUpgradesPass(true);
      run.until(() -> hub.sessions.size() == 1);
      long before = run.acked();
      run.until(() -> run.acked() > before + 50);
      int visited = visits.said.size();
      run.until(() -> run.acked() > before + 100);
      assertThat(visits.said).hasSize(visited);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @Test
  void a_hub_that_is_away_for_a_while_is_no_reason_to_take_another_way() {
    proxy.letUpgradesPass(true);
    try (Run run = device()) {
      proxy.stop();
      run.until(() -> run.unacked() > 40);
      proxy.restart();
      long before = run.acked();
      run.until(() -> run.acked() > before + 40);
      assertThat(visits.said).isEmpty();
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  private Run device(String... options) {
    List<String> line = new ArrayList<>(List.of("--devices", "1", "--model", "thermostat"));
    line.addAll(List.of("--rate", "40", "--transport", "auto", "--verify"));
    line.addAll(List.of(options));
    Run run = Run.against(proxy.url(), TinyHub.API_KEY, line.toArray(String[]::new));
    run.until(() -> run.acked() > 10);
    return run;
  }
}
