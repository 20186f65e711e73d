package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two pollers with one key, and one whose address changes. */
class SharedKeyDetectorTest {
  @StartHub private static RunningHub hub;

  private static JsonNode flapping(String device) {
    return hub.get("/api/v1/devices/" + device + "/presence").path("flapping");
  }

  private static String state(String device) {
    return hub.get("/api/v1/devices/" + device + "/presence").path("state").asText();
  }

  private static TestHttpDevice at(String key, int host) {
    return new TestHttpDevice(hub.port(), key, "127.0.0." + host);
  }

  @Test
  void two_pollers_that_end_each_others_polls_are_reported_and_delayed() throws Exception {
    String key = hub.register("fought-for");
    TestHttpDevice one = at(key, 1);
    TestHttpDevice other = at(key, 1);
    CompletableFuture<TestHttpDevice.Got> last = one.getLater("commands?wait=60");
    await().until(() -> state("fought-for"), "online"::equals);
    CompletableFuture<TestHttpDevice.Got> next = other.getLater("commands?wait=60");
    CompletableFuture.anyOf(last, next).get(120, TimeUnit.SECONDS);
    for (int i = 0; i < 50 && !next.isDone(); i++) {
      last.get(120, TimeUnit.SECONDS).is(204);
      last = next;
      next = (i % 2 == 0 ? one : other).getLater("commands?wait=60");
      CompletableFuture.anyOf(last, next).get(120, TimeUnit.SECONDS);
    }

    TestHttpDevice.Got got = next.get(120, TimeUnit.SECONDS);
    assertThat(got.is(429).code()).isEqualTo("rate-limited");
    assertThat(got.json().path("detail").asText()).contains("device fought-for is held by 127.");
    assertThat(Integer.parseInt(got.header("Retry-After"))).isBetween(1, 30);
    assertThat(flapping("fought-for").path("kind").asText()).isEqualTo("contested");
    assertThat(flapping("fought-for").path("addresses")).hasSize(2);
    // The present holder keeps it.
    hub.post("/api/v1/devices/fought-for/commands", "{\"name\":\"x\"}");
    last.get(120, TimeUnit.SECONDS).is(200);
  }

  @Test
  void two_alternating_early_pollers_are_reported_as_contested() {
    String key = hub.register("shared");
    TestHttpDevice[] both = {at(key, 2), at(key, 3)};
    TestHttpDevice.Got got = both[0].get("commands");
    for (int i = 1; i < 50 && got.response().statusCode() == 204; i++) {
      got = both[i % 2].get("commands");
    }

    got.is(429);
    JsonNode named = flapping("shared");
    assertThat(named.path("kind").asText()).isEqualTo("contested");
    assertThat(named.path("addresses").path(0).asText()).startsWith("127.0.0.");
  }

  @Test
  void a_poller_with_changing_addresses_is_not_flagged() {
    String key = hub.register("roaming");
    for (int host = 2; host < 30; host++) {
      at(key, host).get("commands").is(204);
      at(key, host).get("commands").is(204);
    }
    assertThat(flapping("roaming").isMissingNode()).isTrue();
    assertThat(hub.get("/api/v1/devices/roaming/presence").path("address").asText())
        .startsWith("127.0.0.29:");
  }
}
