package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The device endpoints match the published OpenAPI document. */
class DeviceRoutesContractTest {
  private static JsonObject paths() {
    try (InputStream in = DeviceRoutesContractTest.class.getResourceAsStream("/openapi.json")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return new JsonObject(new String(bytes, StandardCharsets.UTF_8)).getJsonObject("paths");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void every_documented_device_path_has_a_route_with_its_methods() {
    List<String> documented =
        paths().fieldNames().stream().filter(path -> path.startsWith(DeviceRoute.ROOT)).toList();

    assertThat(documented)
        .hasSize(7)
        .allSatisfy(
            path -> {
              DeviceRoute route =
                  Objects.requireNonNull(DeviceRoute.match(path.replace("{id}", "x")));
              assertThat(paths().getJsonObject(path).fieldNames())
                  .isSubsetOf(
                      route.methods().stream()
                          .map(method -> method.name().toLowerCase(Locale.ROOT))
                          .toList());
            });
  }

  @Test
  void similar_paths_are_not_routes() {
    for (String path :
        List.of("", "/", "telemetry/", "commands/x", "commands//result", "commands/x/result/y")) {
      assertThat(DeviceRoute.match(DeviceRoute.ROOT + path)).as(path).isNull();
    }
  }
}
