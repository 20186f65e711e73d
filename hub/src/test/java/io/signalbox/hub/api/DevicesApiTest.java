package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Value;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DevicesApiTest {
  private static final String DEVICES = "/api/v1/devices";

  @StartHub private TestHub hub;

  @Test
  void a_device_is_registered_and_its_key_is_shown_once() {
    ApiResponse made =
        hub.admin()
            .post(
                DEVICES,
                "{\"id\":\"pump-7\",\"name\":\"Pump 7\",\"type\":\"pump\","
                    + "\"labels\":{\"site\":\"ghent\"}}")
            .is(201);

    assertThat(made.header("Location")).isEqualTo(DEVICES + "/pump-7");
    assertThat(made.json().path("key").textValue()).startsWith("sbd_");
    ApiResponse read = hub.admin().get(DEVICES + "/pump-7").is(200);
    assertThat(read.json().path("name").textValue()).isEqualTo("Pump 7");
    assertThat(read.json().at("/labels/site").textValue()).isEqualTo("ghent");
    assertThat(read.json().path("created").longValue()).isEqualTo(TestHub.START);
    assertThat(read.json().at("/presence/cause").textValue()).isEqualTo("never-seen");
    assertThat(read.body()).doesNotContain("key");
  }

  @Test
  void a_device_may_be_registered_with_a_given_key() {
    String own = "a-key-of-ones-own-0123456789";

    hub.admin().post(DEVICES, "{\"id\":\"a\",\"key\":\"" + own + "\"}").is(201);

    assertThat(answer(hub.services.registry().authenticate(own)).id()).isEqualTo("a");
  }

  @Test
  void a_list_is_filtered_sorted_and_paged() {
    for (String site : List.of("ghent", "bruges")) {
      for (int i = 0; i < 3; i++) {
        register(site + i, "pump", site);
      }
    }

    JsonNode first = list("?label=site:ghent&sort=-id&limit=2");
    assertThat(ids(first)).containsExactly("ghent2", "ghent1");
    assertThat(first.path("total").intValue()).isEqualTo(3);
    JsonNode second =
        list("?label=site:ghent&sort=-id&limit=2&cursor=" + first.path("next").asText());
    assertThat(ids(second)).containsExactly("ghent0");
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(ids(list("?q=BRUGES%201"))).containsExactly("bruges1");
    assertThat(ids(list("?type=fan"))).isEmpty();
    assertThat(ids(list("?presence=online"))).isEmpty();
    assertThat(ids(list("?type=&q="))).hasSize(6);
  }

  @Test
  void a_list_with_latest_values_takes_one_query_of_the_store() {
    register("a", "pump", "ghent");
    register("b", "pump", "ghent");
    hub.store("a", List.of(TestHub.reading("t", TestHub.START, new Value.Num(21.4))));

    JsonNode list = list("?include=latest");

    assertThat(list.at("/items/0/latest/t/value").decimalValue()).isEqualByComparingTo("21.4");
    assertThat(list.at("/items/0/latest/t/ts").longValue()).isEqualTo(TestHub.START);
    assertThat(list.at("/items/1/latest").isObject()).isTrue();
    assertThat(list.at("/items/1/latest")).isEmpty();
    assertThat(hub.telemetry.latests).hasValue(1);
    JsonNode one = hub.admin().get(DEVICES + "/a?include=latest").is(200).json();
    assertThat(one.at("/latest/t/ts").longValue()).isEqualTo(TestHub.START);
  }

  @Test
  void a_merge_patch_changes_named_fields_and_removes_null_ones() {
    register("a", "pump", "ghent");

    JsonNode changed =
        hub.admin()
            .patch(DEVICES + "/a", "{\"name\":\"A\",\"type\":null,\"labels\":{\"hall\":\"2\"}}")
            .is(200)
            .json();
    assertThat(changed.path("name").textValue()).isEqualTo("A");
    assertThat(changed.has("type")).isFalse();
    assertThat(changed.path("labels")).hasSize(2);
    JsonNode without =
        hub.admin().patch(DEVICES + "/a", "{\"labels\":{\"site\":null}}").is(200).json();
    assertThat(without.path("labels").toString()).isEqualTo("{\"hall\":\"2\"}");
    JsonNode bare = hub.admin().patch(DEVICES + "/a", "{\"labels\":null}").is(200).json();
    assertThat(bare.path("labels")).isEmpty();
    assertThat(bare.path("name").textValue()).isEqualTo("A");
  }

  @Test
  void a_disabled_device_is_disconnected() {
    hub.device("a");
    AtomicReference<SessionEnd> sessionEnd = session("a");

    JsonNode disabled = hub.admin().patch(DEVICES + "/a", "{\"enabled\":false}").is(200).json();

    assertThat(sessionEnd).hasValue(SessionEnd.Cause.DISABLED);
    assertThat(disabled.path("enabled").booleanValue()).isFalse();
  }

  @Test
  void a_new_key_revokes_the_old_one_and_ends_its_session() {
    String old = hub.admin().post(DEVICES, "{\"id\":\"a\"}").is(201).json().path("key").textValue();
    AtomicReference<SessionEnd> sessionEnd = session("a");

    ApiResponse renewed = hub.admin().call("POST", DEVICES + "/a/key", "").is(200);

    String key = renewed.json().path("key").textValue();
    assertThat(sessionEnd).hasValue(SessionEnd.Cause.REVOKED);
    assertThat(answer(hub.services.registry().authenticate(key)).id()).isEqualTo("a");
    assertThat(refusal(hub.services.registry().authenticate(old)).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    String own = "a-key-of-ones-own-0123456789";
    ApiResponse chosen = hub.admin().post(DEVICES + "/a/key", "{\"key\":\"" + own + "\"}").is(200);
    assertThat(chosen.json().path("key").textValue()).isEqualTo(own);
  }

  @Test
  void a_deleted_device_is_disconnected_and_its_data_removed() {
    hub.device("a");
    hub.readings("a", "t", 10);
    AtomicReference<SessionEnd> sessionEnd = session("a");
    hub.admin().post(DEVICES + "/a/commands", "{\"name\":\"x\"}").is(202);

    ApiResponse gone = hub.admin().delete(DEVICES + "/a").is(204);

    assertThat(gone.body()).isEmpty();
    assertThat(sessionEnd).hasValue(SessionEnd.Cause.DELETED);
    hub.admin().get(DEVICES + "/a").refuses(404, "unknown-device");
    hub.device("a");
    JsonNode metrics = hub.admin().get(DEVICES + "/a/metrics").is(200).json();
    assertThat(metrics.path("metrics")).isEmpty();
  }

  @Test
  void a_deletion_that_the_telemetry_store_refuses_is_accepted_and_completed_when_repeated() {
    hub.device("a");
    hub.readings("a", "t", 10);
    hub.telemetry.refusesToForget = true;

    ApiResponse accepted = hub.admin().delete(DEVICES + "/a").is(202);

    assertThat(accepted.json().path("id").textValue()).isEqualTo("a");
    hub.admin().get(DEVICES + "/a").refuses(404, "unknown-device");
    hub.admin().post(DEVICES, "{\"id\":\"a\"}").refuses(503, "unavailable");
    hub.admin().delete(DEVICES + "/a").is(202);
    hub.telemetry.refusesToForget = false;
    hub.admin().delete(DEVICES + "/a").is(204);
    hub.admin().delete(DEVICES + "/a").refuses(404, "unknown-device");
    hub.device("a");
    JsonNode metrics = hub.admin().get(DEVICES + "/a/metrics").is(200).json();
    assertThat(metrics.path("metrics")).isEmpty();
  }

  @Test
  void an_id_with_a_pending_deletion_does_not_delay_others_in_a_bulk_registration() {
    hub.device("b");
    hub.telemetry.refusesToForget = true;
    hub.admin().delete(DEVICES + "/b").is(202);

    String three = "[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"}]";
    JsonNode items = hub.admin().post(DEVICES, three).is(200).json().path("items");

    assertThat(items.findValuesAsText("id")).containsExactly("a", "b", "c");
    assertThat(items.get(0).has("key")).isTrue();
    assertThat(items.get(1).at("/error/code").textValue()).isEqualTo("unavailable");
    assertThat(items.get(2).has("key")).isTrue();
  }

  @Test
  void presence_is_shown_with_the_device_and_its_session() {
    hub.device("a");
    JsonNode before = hub.admin().get(DEVICES + "/a/presence").is(200).json();
    assertThat(before.path("state").textValue()).isEqualTo("offline");
    assertThat(before.has("session")).isFalse();

    session("a");

    JsonNode after = hub.admin().get(DEVICES + "/a/presence").is(200).json();
    assertThat(after.path("device").textValue()).isEqualTo("a");
    assertThat(after.path("state").textValue()).isEqualTo("online");
    assertThat(after.path("transport").textValue()).isEqualTo("websocket");
    assertThat(after.path("session").textValue()).matches("\\d+");
  }

  private AtomicReference<SessionEnd> session(String device) {
    AtomicReference<SessionEnd> sessionEnd = new AtomicReference<>();
    answer(hub.services.sessions().open(device, Transport.WEBSOCKET, "10.0.0.7", sessionEnd::set));
    return sessionEnd;
  }

  private void register(String id, String type, String site) {
    String body =
        "{\"id\":\"%s\",\"type\":\"%s\",\"labels\":{\"site\":\"%s\"}}".formatted(id, type, site);
    hub.admin().post(DEVICES, body).is(201);
  }

  private JsonNode list(String query) {
    return hub.admin().get(DEVICES + query).is(200).json();
  }

  private static List<String> ids(JsonNode page) {
    return page.path("items").findValuesAsText("id");
  }
}
