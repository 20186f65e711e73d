package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.StartHub;
import io.signalbox.hub.http.EntityTags;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code If-Match} and {@code If-None-Match} of requests that change something (RFC 9110, 13.1).
 */
class PreconditionsApiTest {
  private static final String DEVICE = "/api/v1/devices/pump-7";

  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.device("pump-7");
  }

  private ApiClient under(String header, String tags) {
    return hub.admin().with(header, tags);
  }

  private void isNotCancelledUnlessTheConditionHolds(String place, String tag) {
    String version = EntityTags.of(tag).values().getFirst();

    under("If-Match", "\"99\"")
        .delete(place)
        .refuses(412, "precondition-failed")
        .withDetail("is at version " + version + "; expected 99; the ETag is now " + tag);
    under("If-Match", "\"of something else\"").delete(place).refuses(412, "precondition-failed");
    under("If-None-Match", tag)
        .delete(place)
        .refuses(412, "precondition-failed")
        .withDetail("the ETag is now " + tag);
    under("If-None-Match", "*").delete(place).refuses(412, "precondition-failed");
    under("If-Match", "no tag").delete(place).refuses(400, "invalid").withField("If-Match");
    under("If-None-Match", "no tag")
        .delete(place)
        .refuses(400, "invalid")
        .withField("If-None-Match");
    assertThat(hub.admin().get(place).is(200).header("ETag")).isEqualTo(tag);

    under("If-Match", "\"99\", W/" + tag).with("If-None-Match", "\"98\"").delete(place).is(200);
    under("If-Match", "\"99\"").delete(place).is(409);
  }

  @Test
  void a_command_is_cancelled_only_if_its_tag_matches() {
    ApiResponse made = hub.admin().post(DEVICE + "/commands", "{\"name\":\"go\"}").is(202);

    isNotCancelledUnlessTheConditionHolds(made.header("Location"), made.header("ETag"));
  }

  @Test
  void a_job_is_cancelled_only_if_its_tag_matches() {
    String job = "{\"name\":\"go\",\"devices\":[\"pump-7\"]}";
    String place = hub.admin().post("/api/v1/commands", job).is(202).header("Location");
    // The version grows until the job's one command is queued.
    await().until(() -> hub.admin().get(place).json().at("/counts/queued").asInt() == 1);

    isNotCancelledUnlessTheConditionHolds(place, hub.admin().get(place).header("ETag"));
  }

  @Test
  void if_none_match_changes_the_desired_state_only_from_another_version() {
    String desired = DEVICE + "/twin/desired";
    hub.admin().patch(desired, "{\"speed\":1}").is(200);

    under("If-None-Match", "\"1-0\"")
        .patch(desired, "{\"speed\":2}")
        .refuses(412, "precondition-failed")
        .withDetail("desired is still at version 1; expected another one; the ETag is now \"1-0\"");
    under("If-None-Match", "*")
        .patch(desired, "{\"speed\":2}")
        .refuses(412, "precondition-failed")
        .withDetail(
            "desired exists; expected none because of If-None-Match: *; the ETag is now \"1-0\"");
    under("If-Match", "\"0-0\"")
        .patch(desired, "{\"speed\":2}")
        .refuses(412, "precondition-failed")
        .withDetail("the ETag is now \"1-0\"");
    under("If-None-Match", "\"0-0\"").patch(desired, "{\"speed\":2}").is(200);
  }

  @Test
  void a_resource_without_a_tag_matches_no_tag_and_is_unchanged() {
    for (String place : List.of(DEVICE, "/api/v1/keys/1")) {
      under("If-Match", "\"1\"")
          .delete(place)
          .refuses(412, "precondition-failed")
          .withDetail(place + " has no ETag: If-Match must be *");
      under("If-None-Match", "*").delete(place).refuses(412, "precondition-failed");
    }
    under("If-Match", "W/\"1\"").patch(DEVICE, "{}").refuses(412, "precondition-failed");
    under("If-None-Match", "*").patch(DEVICE, "{}").refuses(412, "precondition-failed");
    under("If-Match", "\"1\"").post(DEVICE + "/key", "{}").refuses(412, "precondition-failed");
    under("If-Match", "\"1\"")
        .post("/api/v1/devices", "{\"id\":\"pump-8\"}")
        .refuses(412, "precondition-failed");
    hub.admin().get("/api/v1/devices/pump-8").is(404);

    under("If-Match", "*").patch(DEVICE, "{\"name\":\"Seven\"}").is(200);
    under("If-None-Match", "\"1\"").patch(DEVICE, "{\"name\":\"7\"}").is(200);
  }

  @Test
  void if_none_match_star_allows_creation() {
    under("If-None-Match", "*").post("/api/v1/devices", "{\"id\":\"pump-8\"}").is(201);
    under("If-None-Match", "*").post("/api/v1/devices", "{\"id\":\"pump-8\"}").is(409);
    under("If-None-Match", "*").post(DEVICE + "/commands", "{\"name\":\"go\"}").is(202);
  }

  @Test
  void a_conditional_read_returns_the_requested_state_or_412() {
    String twin = DEVICE + "/twin";

    under("If-Match", "\"7-7\", \"0-0\"").get(twin).is(200);
    under("If-Match", "*").get(twin).is(200);
    under("If-Match", "\"7-7\"")
        .get(twin)
        .refuses(412, "precondition-failed")
        .withDetail("the ETag is now \"0-0\"");
    under("If-Match", "\"0-0\"").with("If-None-Match", "\"0-0\"").get(twin).is(304);
    under("If-Match", "\"1\"").get(DEVICE).is(200);
  }
}
