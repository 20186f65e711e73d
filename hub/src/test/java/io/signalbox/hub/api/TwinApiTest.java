package io.signalbox.hub.api;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwinApiTest {
  private static final String TWIN = "/api/v1/devices/pump-7/twin";

  @TempDir Path directory;
  private TestHub hub;

  @BeforeEach
  void open() {
    hub = new TestHub(directory);
    hub.device("pump-7");
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void a_device_of_which_nobody_has_said_anything_has_an_empty_twin() {
    Reply twin = hub.admin().get(TWIN).is(200);

    assertThat(twin.body())
        .isEqualTo(
            "{\"device\":\"pump-7\",\"desired\":{\"version\":0,\"state\":{}},"
                + "\"reported\":{\"version\":0,\"state\":{}}}");
    assertThat(twin.header("ETag")).isEqualTo("\"0-0\"");
    hub.admin().with("If-None-Match", "\"0-0\"").get(TWIN).is(304);
  }

  @Test
  void a_merge_patch_changes_what_is_desired_and_keeps_digits() {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1.50,\"mode\":\"eco\"}").is(200);
    Reply twin = hub.admin().patch(TWIN + "/desired", "{\"mode\":null}").is(200);

    assertThat(twin.body()).contains("\"desired\":{\"version\":2,\"state\":{\"speed\":1.50}}");
    assertThat(twin.header("ETag")).isEqualTo("\"2-0\"");
  }

  @Test
  void a_change_on_top_of_a_version_that_is_gone_is_refused() {
    hub.admin().patch(TWIN + "/desired", "{\"speed\":1}").is(200);

    hub.admin()
        .with("If-Match", "\"0-0\"")
        .patch(TWIN + "/desired", "{\"speed\":2}")
        .refuses(412, "precondition-failed");
    hub.admin()
        .with("If-Match", "W/\"1-0\"")
        .patch(TWIN + "/desired", "{\"speed\":2}")
        .refuses(412, "precondition-failed");
    hub.admin()
        .with("If-Match", "latest")
        .patch(TWIN + "/desired", "{\"speed\":2}")
        .refuses(400, "invalid")
        .naming("If-Match");
    hub.admin().with("If-Match", "*").patch(TWIN + "/desired", "{\"speed\":2}").is(200);
  }

  @Test
  void what_the_device_reports_meanwhile_is_no_conflict() {
    answer(hub.rooms.twins().patchReported("pump-7", "{\"speed\":1}"));

    JsonNode twin =
        hub.admin()
            .with("If-Match", "\"0-0\"")
            .patch(TWIN + "/desired", "{\"speed\":2}")
            .is(200)
            .json();

    assertThat(twin.at("/desired/version").intValue()).isEqualTo(1);
    assertThat(twin.at("/reported/version").intValue()).isEqualTo(1);
  }
}
