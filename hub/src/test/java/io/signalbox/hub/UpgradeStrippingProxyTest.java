package io.signalbox.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.websocket.RawWebSocket;
import io.signalbox.testsupport.UpgradeStrippingProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks the behaviour of the upgrade-stripping proxy that other tests rely on. */
class UpgradeStrippingProxyTest {
  private final HttpClient client = HttpClient.newHttpClient();
  @StartHub private RunningHub hub;
  private UpgradeStrippingProxy proxy;

  @BeforeEach
  void register() {
    proxy = UpgradeStrippingProxy.before("http://127.0.0.1:" + hub.port());
  }

  @AfterEach
  void disconnect() {
    proxy.close();
    client.close();
  }

  private int port() {
    return URI.create(proxy.url()).getPort();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).GET().build(), BodyHandlers.ofString(UTF_8));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(proxy.url() + path))
        .timeout(Duration.ofMinutes(3))
        .header("Authorization", "Bearer " + RunningHub.ADMIN_KEY);
  }

  @Test
  void a_handshake_reaches_the_hub_as_a_plain_request() {
    try (RawWebSocket stripped = RawWebSocket.dial(port())) {
      assertThat(stripped.handshake("/device/v1/stream")).startsWith("HTTP/1.1 426 ");
    }
    assertThat(proxy.stripped()).isEqualTo(1);
  }

  @Test
  void a_websocket_passes_when_upgrades_are_allowed() {
    proxy.letUpgradesPass(true);
    String key = hub.register("pump-7");

    try (RawWebSocket device =
        RawWebSocket.open(
            port(),
            "/device/v1/stream",
            "Authorization: Bearer " + key,
            "Sec-WebSocket-Protocol: signalbox.v1.json")) {
      assertThat(device.next().text()).contains("\"welcome\"");
      device.text("{\"type\":\"ping\"}");
      assertThat(device.nextMessage().text()).contains("\"pong\"");
      proxy.cut();
      assertThat(device.isEnded()).isTrue();
    }
  }

  @Test
  void requests_with_and_without_a_body_pass_whole_or_held_back() throws Exception {
    for (boolean buffer : new boolean[] {false, true}) {
      proxy.buffer(buffer);
      HttpRequest register =
          request("/api/v1/devices")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"id\":\"pump-" + buffer + "\"}"))
              .build();

      assertThat(client.send(register, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
      assertThat(get("/api/v1/devices/pump-" + buffer).body()).contains("pump-" + buffer);
      assertThat(get("/api/v1/devices/none").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void it_refuses_configured_paths_and_answers_502_without_a_hub() throws Exception {
    proxy.refuse(request -> request.path().startsWith("/api/"));
    assertThat(get("/api/v1/devices").statusCode()).isEqualTo(502);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void it_can_be_away_and_come_back_at_the_same_address() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);

    proxy.stop();
    assertThatThrownBy(() -> get("/health/live")).isInstanceOf(IOException.class);
    proxy.restart();

    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void bytes_of_an_endless_answer_arrive_as_they_are_written() throws Exception {
    try (var lines =
            client.send(request("/metrics").GET().build(), BodyHandlers.ofInputStream()).body();
        BufferedReader reader = new BufferedReader(new InputStreamReader(lines, UTF_8))) {
      assertThat(reader.readLine()).startsWith("#");
    }
  }
}
