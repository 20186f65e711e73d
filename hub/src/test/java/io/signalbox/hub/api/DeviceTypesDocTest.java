package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/device-types.md. */
class DeviceTypesDocTest {
  private static final Pattern DEFINITION =
      Pattern.compile(
          "call -X PUT \\$HUB(/api/v1/types/[\\w-]+)[^']*'[^']*'[^']*'(\\{.*?})'", Pattern.DOTALL);

  @StartHub private TestHub hub;

  @Test
  void the_definitions_are_accepted() {
    List<MatchResult> examples = examples();
    assertThat(examples).hasSize(3);
    for (MatchResult example : examples) {
      hub.admin().put(example.group(1), example.group(2)).is(201);
    }
  }

  private static List<MatchResult> examples() {
    try {
      String page = Files.readString(Path.of("..", "docs", "device-types.md"));
      // A second header stands before some bodies.
      String plain = page.replace(" -H 'If-None-Match: *'", "");
      return DEFINITION.matcher(plain).results().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Test
  void the_thermostat_refuses_what_the_page_says() {
    MatchResult thermostat = examples().getFirst();
    hub.admin().put(thermostat.group(1), thermostat.group(2)).is(201);
    hub.admin().post("/api/v1/devices", "{\"id\":\"hall-2\",\"type\":\"thermostat\"}").is(201);

    JsonNode problem =
        hub.admin()
            .post(
                "/api/v1/devices/hall-2/commands",
                "{\"name\":\"set\",\"params\":{\"to\":31.2,\"unit\":\"C\"}}")
            .refuses(422, "invalid-params")
            .json();

    assertThat(problem.path("detail").asText())
        .isEqualTo(
            "params of 'set' do not fit the type thermostat: /to must be at most 30, is 31.2;"
                + " and 2 more faults");
    assertThat(problem.path("errors").findValuesAsText("detail"))
        .containsExactly(
            "must be at most 30, is 31.2",
            "must be a multiple of 0.5, is 31.2",
            "is not expected here");
  }
}
