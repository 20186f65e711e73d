package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.sim.FleetProcess.Progress;
import io.signalbox.testsupport.NetworkNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Verification of readings and commands on every transport over a network with packet loss and
 * partitions.
 */
@SuppressWarnings("NullAway.Init") // set before each test
@Timeout(600)
class LossyNetworkTest {
  private static final double SOME = 0.03;
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private NetworkNamespaces network;
  private HubProcess hub;
  private FleetProcess fleets;

  @BeforeEach
  void open() throws Exception {
    network = NetworkNamespaces.make();
    network.lose(SOME);
    hub =
        HubProcess.start(
            folder.resolve("data"),
            network.inFirst(),
            "--host=0.0.0.0",
            "--gateway-heartbeat-seconds=1",
            "--feed-heartbeat-seconds=1",
            "--fleet-poll-overdue-after=1s",
            "--gateway-command-lease=3s");
    fleets =
        FleetProcess.start(
            folder.resolve("fleets.err"),
            network.inSecond(),
            "http://" + NetworkNamespaces.ADDRESS + ":" + hub.port(),
            "--devices=3",
            "--rate=4",
            "--commands=4",
            "--command-ttl=30",
            "--verify");
  }

  @AfterEach
  void close() {
    if (fleets != null) {
      fleets.close();
    }
    if (hub != null) {
      hub.close();
    }
    network.close();
  }

  /** Number of devices online, read on the hub's side of the network. */
  private int online() throws IOException {
    String head =
        "GET /api/v1/info HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer %s\r\n"
            .formatted(HubProcess.ADMIN_KEY);
    String answer = network.http(hub.port(), head, "");
    return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4)).path("online").asInt();
  }

  /** Waits until every fleet has made the given progress from now on. */
  private void awaitEach(BiPredicate<Progress, Progress> sinceThen) throws IOException {
    Map<String, Progress> before = fleets.progress();
    await()
        .untilAsserted(
            () ->
                assertThat(fleets.progress())
                    .allSatisfy(
                        (transport, now) ->
                            assertThat(sinceThen.test(before.get(transport), now))
                                .as("%s: %s, then %s", transport, before.get(transport), now)
                                .isTrue()));
  }

  private void awaitThatAllGoesOn() throws IOException {
    awaitEach(
        (then, now) -> now.acked() > then.acked() + 50 && now.commands() > then.commands() + 3);
  }

  private void awaitThatNobodyIsOnline() {
    // Each check starts a process, so poll slowly.
    await().pollInterval(LOOK).until(() -> online() == 0);
  }

  @Test
  void readings_and_commands_are_verified_over_loss_and_partitions_on_every_transport()
      throws Exception {
    awaitThatAllGoesOn();
    network.pullCable();
    awaitThatNobodyIsOnline();
    network.plugCable();
    awaitThatAllGoesOn();

    // Block only the direction to the devices: no acknowledgements and no commands arrive.
    network.loseToSecond(1);
    awaitEach((then, now) -> now.unacked() > then.unacked() + 20);
    network.lose(SOME);
    awaitThatAllGoesOn();

    network.lose(1);
    awaitThatNobodyIsOnline();
    network.lose(SOME);
    awaitThatAllGoesOn();

    FleetProcess.End end = fleets.end();
    assertThat(end.code()).as(end::printed).isZero();
    assertThat(end.logged()).doesNotContain(" ERROR ");
    assertThat(end.printed().lines().filter(line -> line.contains("exactly once"))).hasSize(6);
    assertThat(
            end.printed()
                .lines()
                .filter(line -> line.contains("commands ended in a correct state")))
        .hasSize(6);
  }
}
