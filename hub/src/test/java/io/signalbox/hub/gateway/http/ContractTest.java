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

/** What the published document says of the device door is what the door does. */
class ContractTest {
  private static JsonObject paths() {
    try (InputStream in = ContractTest.class.getResourceAsStream("/openapi.json")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return new JsonObject(new String(bytes, StandardCharsets.UTF_8)).getJsonObject("paths");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void every_call_of_the_document_is_an_errand_with_its_methods() {
    List<String> documented =
        paths().fieldNames().stream().filter(path -> path.startsWith(Errand.ROOT)).toList();

    assertThat(documented)
        .hasSize(6)
        .allSatisfy(
            path -> {
              Errand errand = Objects.requireNonNull(Errand.at(path.replace("{id}", "x")));
              assertThat(paths().getJsonObject(path).fieldNames())
                  .isSubsetOf(
                      errand.methods().stream()
                          .map(method -> method.name().toLowerCase(Locale.ROOT))
                          .toList());
            });
  }

  @Test
  void what_is_near_a_path_is_no_path() {
    for (String path :
        List.of("", "/", "telemetry/", "commands/x", "commands//result", "commands/x/result/y")) {
      assertThat(Errand.at(Errand.ROOT + path)).as(path).isNull();
    }
  }
}
