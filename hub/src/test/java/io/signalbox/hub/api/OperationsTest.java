package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Endpoints for operators of a hub. */
class OperationsTest {
  @StartHub private TestHub hub;

  @Test
  void a_hub_that_responds_is_live() {
    assertThat(hub.anonymous().get("/health/live").is(200).json().path("status").textValue())
        .isEqualTo("live");
  }

  @Test
  void a_hub_is_ready_while_it_is_open_and_its_stores_work() {
    AtomicBoolean works = new AtomicBoolean(true);
    hub.health.addCheck("store", () -> works.get() ? null : "the store does not work");
    hub.anonymous().get("/health/ready").is(200);
    hub.anonymous().with("Accept", "text/plain").get("/health/ready").is(200);

    works.set(false);
    ApiResponse broken =
        hub.anonymous().get("/health/ready").refuses(503, "unavailable").withDetail("store");
    assertThat(broken.header("Retry-After")).isEqualTo("5");

    works.set(true);
    hub.health.draining();
    hub.anonymous().get("/health/ready").refuses(503, "unavailable").withDetail("draining");
    hub.anonymous().get("/health/live").is(200);
  }

  @Test
  void metrics_are_served_in_prometheus_format_with_path_templates() {
    hub.device("pump-7");
    hub.admin().get("/api/v1/devices/pump-7").is(200);
    hub.admin().call("BREW", "/api/v1/devices", "").refuses(405, "method-not-allowed");
    hub.metrics.gauge("sessions", "Open sessions", () -> 17);

    String scraped = hub.anonymous().get("/metrics").is(200).body();

    assertThat(scraped)
        .contains("signalbox_sessions 17.0")
        .contains("route=\"/api/v1/devices/{id}\"")
        .contains("jvm_memory_used_bytes")
        .contains("process_files_open_files")
        .doesNotContain("BREW")
        .doesNotContain("pump-7");
  }

  @Test
  void the_nodes_of_the_system_are_listed_by_name() {
    hub.nodes =
        List.of(
            new NodeInfo.Node("south", "1.2.4", 2_000, 3_000, 0, 5),
            new NodeInfo.Node("north", "1.2.3", 1_000, 3_001, 7, 11));
    hub.anonymous().get("/api/v1/nodes").is(401);

    JsonNode items = hub.admin().get("/api/v1/nodes").is(200).json().path("items");

    assertThat(items)
        .extracting(node -> node.path("name").textValue())
        .containsExactly("north", "south");
    JsonNode north = items.get(0);
    assertThat(north.path("version").textValue()).isEqualTo("1.2.3");
    assertThat(north.path("joined").longValue()).isEqualTo(1_000);
    assertThat(north.path("heard").longValue()).isEqualTo(3_001);
    assertThat(north.path("online").intValue()).isEqualTo(7);
    assertThat(north.path("partitions").intValue()).isEqualTo(11);
  }

  @Test
  void hub_info_requires_authentication() {
    hub.device("a");
    hub.now.addAndGet(5_000);

    JsonNode info =
        hub.program(io.signalbox.hub.access.Scope.MQTT_PUBLISH).get("/api/v1/info").is(200).json();

    assertThat(info.path("name").textValue()).isEqualTo("signalbox");
    assertThat(info.path("version").textValue()).isEqualTo("1.2.3");
    assertThat(info.path("node").textValue()).isEqualTo("test");
    assertThat(info.path("time").longValue()).isEqualTo(TestHub.START + 5_000);
    assertThat(info.path("uptime").longValue()).isEqualTo(5);
    assertThat(info.path("devices").intValue()).isEqualTo(1);
    assertThat(info.path("online").intValue()).isZero();
  }
}
