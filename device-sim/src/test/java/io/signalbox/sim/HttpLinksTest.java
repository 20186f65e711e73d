package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.FakeDeviceHttp.ReceivedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP links and their error handling. */
class HttpLinksTest {
  private final FakeHub hub = new FakeHub();
  private final FakeDeviceHttp deviceHttp = new FakeDeviceHttp(hub);

  @AfterEach
  void close() {
    hub.close();
  }

  @ParameterizedTest
  @CsvSource({
    "sse, json",
    "sse, cbor",
    "longpoll, json",
    "longpoll, cbor",
    "poll, json",
    "poll, cbor",
    "adaptive, json",
    "adaptive, cbor"
  })
  void a_fleet_sends_and_verifies_its_readings(String transport, String encoding) {
    try (SimulationRun run =
        SimulationRun.against(
            hub,
            "--transport",
            transport,
            "--encoding",
            encoding,
            "--devices",
            "6",
            "--rate",
            "50",
            "--gzip",
            "--verify")) {
      run.until(() -> hub.series("sim-0001", "temperature").size() > 20);
      assertThat(run.end()).as(run::printed).isZero();
      assertThat(run.printed()).contains("exactly once", "0 never acknowledged", transport + "  ");
      assertThat(hub.sessions).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sse", "longpoll", "poll", "adaptive"})
  void a_redelivered_command_is_executed_once_and_answered_twice(String transport) {
    try (SimulationRun run = device(transport)) {
      deviceHttp.addCommand("sim-0001", "c1", "identify");
      run.until(() -> deviceHttp.statuses("c1").equals(List.of("succeeded")));
      deviceHttp.addCommand("sim-0001", "c1", "identify");
      run.until(() -> deviceHttp.statuses("c1").equals(List.of("succeeded", "succeeded")));
      run.end();
      assertThat(run.printed()).contains("1 commands");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sse", "longpoll", "poll", "adaptive"})
  void an_answer_lost_with_the_connection_is_sent_on_the_next(String transport) {
    try (SimulationRun run = device(transport, "--command-faults", "cut=1")) {
      deviceHttp.addCommand("sim-0001", "c1", "identify");
      run.until(() -> deviceHttp.statuses("c1").equals(List.of("succeeded")));
      run.end();
      assertThat(run.printed()).contains("1 reconnects", "1 commands");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sse", "longpoll", "poll", "adaptive"})
  void deferred_readings_are_sent_again_after_retry_after(String transport) {
    try (SimulationRun run = device(transport, "--verify")) {
      String path = transport.equals("adaptive") ? "exchange" : "telemetry";
      AtomicInteger refusals = new AtomicInteger();
      deviceHttp.refuses =
          request -> request.path().endsWith(path) && refusals.incrementAndGet() > 0;
      run.until(() -> run.unacked() > 0 && refusals.get() > 1);
      deviceHttp.refuses = request -> false;
      int before = deviceHttp.at(path).size();
      run.until(() -> deviceHttp.at(path).size() > before + 1);
      ReceivedRequest refused = deviceHttp.at(path).get(before - 1);
      ReceivedRequest next = deviceHttp.at(path).get(before);
      assertThat(next.nanos() - refused.nanos()).isGreaterThan(900_000_000L);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"poll", "adaptive"})
  void readings_taken_while_asleep_are_sent_together_with_their_timestamps(String transport) {
    deviceHttp.nextPollMillis = 500;
    try (SimulationRun run = device(transport, "--verify")) {
      run.until(() -> batches().stream().filter(batch -> batch.size() > 5).count() > 1);
      JsonNode batch = batches().stream().filter(each -> each.size() > 5).toList().getLast();
      List<Long> times = new ArrayList<>();
      batch.forEach(sample -> times.add(sample.path("ts").asLong()));
      assertThat(times).isSorted().doesNotHaveDuplicates();
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  private List<JsonNode> batches() {
    return deviceHttp.received.stream()
        .map(
            received ->
                received.where().equals("exchange")
                    ? received.body().path("telemetry")
                    : received.body())
        .filter(JsonNode::isArray)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"poll", "adaptive"})
  void the_devices_bounds_take_precedence_over_the_hubs_plan(String transport) {
    deviceHttp.nextPollMillis = 60_000;
    String asks = transport.equals("poll") ? "commands" : "exchange";
    try (SimulationRun run = device(transport, "--power", "min=10ms,max=100ms,battery=71")) {
      run.until(() -> deviceHttp.at(asks).size() > 5);
      run.end();
    }
    deviceHttp.nextPollMillis = 1;
    deviceHttp.received.clear();
    try (SimulationRun run = device(transport, "--power", "min=300ms")) {
      run.until(() -> deviceHttp.at(asks).size() > 3);
      List<ReceivedRequest> asked = deviceHttp.at(asks);
      assertThat(asked.get(3).nanos() - asked.get(2).nanos()).isGreaterThan(290_000_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"poll", "adaptive"})
  void a_delayed_answer_or_a_full_window_wakes_a_device(String transport) {
    try (SimulationRun run = device(transport, "--command-delay", "300ms", "--window", "40")) {
      deviceHttp.nextPollMillis = 600_000;
      deviceHttp.addCommand("sim-0001", "c1", "identify");
      run.until(() -> deviceHttp.statuses("c1").equals(List.of("succeeded")));
      long before = run.acked();
      run.until(() -> run.acked() > before + 200);
      run.end();
    }
  }

  @Test
  void the_power_profile_is_sent_with_exchanges() {
    try (SimulationRun run =
        device("adaptive", "--power", "min=1s,max=5m,cost=2.5,battery=71,window=22:00-06:30")) {
      assertThat(deviceHttp.at("exchange").getFirst().body().path("power"))
          .hasToString(
              "{\"minInterval\":1000,\"maxInterval\":300000,\"pollCost\":2.5,"
                  + "\"batteryPercent\":71.0,\"windows\":[\"22:00-06:30\"]}");
      run.end();
    }
  }

  @Test
  void an_unanswered_long_poll_times_out() {
    deviceHttp.unanswered.set(1);
    try (SimulationRun run = device("longpoll", "--poll-interval", "1s")) {
      run.until(() -> deviceHttp.at("commands").size() > 2);
      run.end();
      assertThat(run.printed()).contains("1 reconnects", "did not answer in time");
    }
  }

  @Test
  void a_stream_without_data_for_two_heartbeats_is_closed() {
    deviceHttp.heartbeatSeconds = 1;
    try (SimulationRun run = device("sse")) {
      run.until(() -> deviceHttp.at("commands").size() > 1);
      run.end();
      assertThat(run.printed()).contains("no data from the hub for two heartbeats");
    }
  }

  @Test
  void a_cut_stream_is_reopened() {
    try (SimulationRun run = device("sse", "--verify")) {
      deviceHttp.cutStreams();
      run.until(() -> deviceHttp.at("commands").size() > 1);
      assertThat(run.end()).as(run::printed).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sse", "longpoll", "poll", "adaptive"})
  void the_desired_state_is_applied_and_reported(String transport) {
    deviceHttp.desired = "{\"version\":3,\"state\":{\"target\":21.5}}";
    try (SimulationRun run = device(transport)) {
      run.until(() -> deviceHttp.received.stream().anyMatch(HttpLinksTest::reportsTarget));
      run.end();
    }
  }

  private static boolean reportsTarget(ReceivedRequest received) {
    JsonNode body =
        received.where().equals("exchange") ? received.body().path("reported") : received.body();
    return !received.where().equals("telemetry") && body.path("target").asDouble() == 21.5;
  }

  private SimulationRun device(String transport, String... options) {
    List<String> line = new ArrayList<>(List.of("--devices", "1", "--model", "thermostat"));
    line.addAll(List.of("--rate", "40", "--transport", transport));
    line.addAll(List.of(options));
    SimulationRun run = SimulationRun.against(hub, line.toArray(String[]::new));
    run.until(() -> !hub.series("sim-0001", "temperature").isEmpty());
    return run;
  }
}
