package io.signalbox.hub.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import org.junit.jupiter.api.Test;

/** The defaults of a job's commands are those of the time when the commands are made. */
class JobDefaultsTest {
  private static final String TYPE = "/api/v1/types/valve";

  @StartHub private RunningHub hub;

  @Test
  void a_command_made_after_a_restart_takes_the_defaults_that_hold_then() {
    hub.put(TYPE, "{\"commands\":{\"open\":{\"ttl\":600,\"collapse\":\"a\"}}}");
    hub.register("v-1");
    hub.register("v-2");
    for (String device : new String[] {"v-1", "v-2"}) {
      hub.patch("/api/v1/devices/" + device, "{\"type\":\"valve\"}");
    }
    String job =
        hub.post(
                "/api/v1/commands",
                "{\"devices\":[\"v-1\",\"v-2\"],\"name\":\"open\",\"maxConcurrent\":1}")
            .path("id")
            .asText();
    await().until(() -> hub.get("/api/v1/jobs/" + job).at("/counts/queued").asInt() == 1);

    hub.restart();
    hub.patch(TYPE, "{\"commands\":{\"open\":{\"ttl\":900,\"collapse\":\"b\"}}}");
    JsonNode first = command("v-1");
    hub.delete("/api/v1/commands/" + first.path("id").asText());
    await().until(() -> command("v-2").has("id"));

    assertThat(ttl(first)).isEqualTo(600_000);
    assertThat(first.path("collapse").asText()).isEqualTo("a");
    assertThat(ttl(command("v-2"))).isEqualTo(900_000);
    assertThat(command("v-2").path("collapse").asText()).isEqualTo("b");
    assertThat(hub.get("/api/v1/jobs/" + job).has("ttl")).isFalse();
  }

  private JsonNode command(String device) {
    return hub.get("/api/v1/devices/" + device + "/commands").at("/items/0");
  }

  private static long ttl(JsonNode command) {
    return command.path("expires").longValue() - command.path("created").longValue();
  }
}
