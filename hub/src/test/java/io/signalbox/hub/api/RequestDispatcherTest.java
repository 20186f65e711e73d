package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.StartHub;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.http.auth.RequiredAccess;
import io.signalbox.hub.websocket.RawConnection;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules common to all requests: authentication, errors and headers. */
class RequestDispatcherTest {
  @StartHub private TestHub hub;

  @Test
  void a_browser_gets_the_console_or_an_explanation() {
    ApiResponse page =
        hub.anonymous().with("Accept", "text/html,*/*;q=0.8").get("/devices/pump-7").is(200);

    assertThat(page.type()).isEqualTo("text/html");
    assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(page.header("Content-Security-Policy")).contains("require-trusted-types-for");
    hub.anonymous().with("If-None-Match", page.header("ETag")).get("/").is(304);
    hub.anonymous().call("POST", "/", "x").refuses(405, "method-not-allowed");
    hub.anonymous().get("/devices/pump-7").refuses(404, "not-found");
  }

  @Test
  void a_call_without_credentials_is_challenged() {
    ApiResponse reply = hub.anonymous().get("/api/v1/devices").refuses(401, "unauthenticated");

    assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"signalbox\"");
  }

  @Test
  void wrong_or_unsupported_credentials_are_refused() {
    for (String wrong : new String[] {"Bearer sbk_wrong", "Bearer ", "Basic YTpi", "Bearer"}) {
      hub.anonymous()
          .with("Authorization", wrong)
          .get("/api/v1/devices")
          .refuses(401, "unauthenticated");
    }
  }

  @Test
  void a_key_without_the_scope_is_403_with_the_scope_named() {
    hub.program(Scope.TELEMETRY_READ)
        .get("/api/v1/devices")
        .refuses(403, "forbidden")
        .withDetail("devices:read");
    hub.program(Scope.DEVICES_READ, Scope.DEVICES_WRITE)
        .get("/api/v1/keys")
        .refuses(403, "forbidden")
        .withDetail("admin");
  }

  @Test
  void every_route_requires_its_scope() {
    ApiClient nobody = hub.anonymous();
    ApiClient powerless = hub.program(Scope.MQTT_PUBLISH);
    List<String> open = new ArrayList<>();
    for (Endpoint endpoint : hub.table()) {
      String path = endpoint.path().replaceAll("\\{\\w+}", "x");
      String method = endpoint.method().name();
      switch (endpoint.requiredAccess()) {
        case RequiredAccess.Public anyone -> open.add(method + " " + path);
        case RequiredAccess.Authenticated signedIn ->
            nobody.call(method, path, "").refuses(401, "unauthenticated");
        case RequiredAccess.AnyScopeOf holding -> {
          nobody.call(method, path, "").refuses(401, "unauthenticated");
          powerless.call(method, path, "").refuses(403, "forbidden");
        }
      }
    }
    assertThat(open)
        .containsExactlyInAnyOrder(
            "POST /api/v1/session",
            "DELETE /api/v1/session",
            "GET /health/live",
            "GET /health/ready",
            "GET /metrics",
            "GET /openapi.json",
            "GET /api/v1/openapi.json",
            "GET /asyncapi.json");
    for (String row : open) {
      String[] words = row.split(" ", -1);
      assertThat(nobody.call(words[0], words[1], "").status()).as(row).isNotIn(401, 403);
    }
  }

  @Test
  void admin_may_do_everything() {
    hub.admin().get("/api/v1/devices").is(200);
    hub.admin().get("/api/v1/keys").is(200);
  }

  @Test
  void an_unknown_path_is_404_for_browsers_as_well() {
    hub.admin().get("/api/v1/nothing").refuses(404, "not-found").withDetail("/api/v1/nothing");
    hub.admin().get("/api/v2/devices").refuses(404, "not-found");
    hub.anonymous().with("Accept", "text/html").get("/api/v1/x").refuses(404, "not-found");
    hub.anonymous().call("POST", "/nowhere", "x").refuses(404, "not-found");
  }

  @Test
  void a_wrong_method_is_answered_with_the_allowed_ones() {
    ApiResponse reply = hub.admin().call("PUT", "/api/v1/devices", "{}");

    reply.refuses(405, "method-not-allowed");
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
  }

  @Test
  void options_lists_methods_without_credentials() {
    ApiResponse reply = hub.anonymous().call("OPTIONS", "/api/v1/devices/x", "").is(204);

    assertThat(reply.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, PATCH");
    assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void head_returns_the_headers_of_get_without_a_body() {
    ApiResponse get = hub.admin().get("/api/v1/devices").is(200);
    ApiResponse head = hub.admin().call("HEAD", "/api/v1/devices", "").is(200);

    assertThat(head.body()).isEmpty();
    assertThat(head.type()).isEqualTo("application/json");
    assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    hub.admin().call("HEAD", "/api/v1/devices/nobody", "").is(404);
  }

  @Test
  void an_unacceptable_media_type_is_406() {
    hub.admin()
        .with("Accept", "application/xml")
        .get("/api/v1/devices")
        .refuses(406, "not-acceptable")
        .withDetail("application/json");
    hub.admin().with("Accept", "*/*;q=0.1, text/html").get("/api/v1/devices").is(200);
    hub.admin().with("Accept", "application/json;q=0").get("/api/v1/devices").is(406);
  }

  @Test
  void a_body_of_another_media_type_is_415() {
    hub.admin()
        .with("Content-Type", "application/x-www-form-urlencoded")
        .call("POST", "/api/v1/devices", "{\"id\":\"a\"}")
        .refuses(415, "unsupported-media-type")
        .withDetail("application/json");
    hub.admin().call("POST", "/api/v1/keys", "").refuses(415, "unsupported-media-type");
    hub.admin()
        .with("Content-Type", "application/json; charset=iso-8859-1")
        .call("POST", "/api/v1/devices", "{\"id\":\"a\"}")
        .refuses(415, "unsupported-media-type");
    hub.admin()
        .with("Content-Encoding", "gzip")
        .post("/api/v1/devices", "{\"id\":\"a\"}")
        .refuses(415, "unsupported-media-type")
        .withField("Content-Encoding");
    hub.admin()
        .with("Content-Type", "application/json; charset=utf-8")
        .call("POST", "/api/v1/devices", "{\"id\":\"a\"}")
        .is(201);
  }

  @Test
  void a_body_over_the_limit_is_refused_with_a_response() {
    String large = "{\"id\":\"a\",\"name\":\"" + "x".repeat(1 << 20) + "\"}";

    hub.admin().post("/api/v1/devices", large).refuses(413, "too-large").withDetail("1048576");
    hub.admin().post("/api/v1/devices", "[" + " ".repeat(11 << 20) + "]").refuses(413, "too-large");
    hub.admin().get("/api/v1/devices").is(200);
  }

  @Test
  void a_body_of_unknown_length_over_the_limit_is_refused_too() {
    byte[] large = new byte[3 << 20];
    java.util.Arrays.fill(large, (byte) ' ');

    hub.admin()
        .with("Content-Type", "application/json")
        .call(
            "POST", "/api/v1/keys", BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)))
        .refuses(413, "too-large");
  }

  @Test
  void malformed_json_is_refused_with_line_and_column() {
    hub.admin()
        .post("/api/v1/devices", "{\"id\": \"a\",\n \"name\": nonsense}")
        .refuses(400, "malformed")
        .withDetail("line 2, column");
    hub.admin().post("/api/v1/devices", "{\"id\":\"a\"} x").refuses(400, "malformed");
    hub.admin().post("/api/v1/devices", "{\"id\":\"a\",\"id\":\"b\"}").refuses(400, "malformed");
    hub.admin().post("/api/v1/devices", "").refuses(400, "malformed");
    hub.admin().post("/api/v1/devices", "{\"id\":").refuses(400, "malformed");
    hub.admin()
        .with("Content-Type", "application/json")
        .call("POST", "/api/v1/devices", new byte[] {'{', '"', (byte) 0xff, '"', '}'})
        .refuses(400, "malformed");
    hub.admin().post("/api/v1/devices", "[".repeat(100_000)).refuses(400, "malformed");
  }

  @Test
  void an_unknown_query_parameter_is_refused_by_name() {
    hub.admin()
        .get("/api/v1/devices?limt=3")
        .refuses(400, "invalid")
        .withField("limt")
        .withDetail("limt");
    hub.anonymous().get("/health/live?x=1").refuses(400, "invalid").withField("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/devices/%zz", "/api/v1/devices?q=%zz"})
  void a_path_or_a_query_that_cannot_be_decoded_is_refused(String target) {
    String answer =
        RawConnection.exchange(
            hub.port(),
            "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(target, TestHub.ADMIN_KEY));

    assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"malformed\"");
  }

  @Test
  void a_missing_body_times_out() throws Exception {
    String answer =
        RawConnection.exchange(
            hub.port(),
            "POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
                + "Content-Type: application/json\r\nAuthorization: Bearer "
                + TestHub.ADMIN_KEY
                + "\r\n\r\n{\"id\"");

    assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"timeout\"");
  }

  @Test
  void expect_100_continue_is_answered() throws Exception {
    String answer =
        RawConnection.exchange(
            hub.port(),
            "POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
                + "Expect: 100-continue\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nAuthorization: Bearer "
                + TestHub.ADMIN_KEY
                + "\r\n\r\n{\"id\":\"a\"}");

    assertThat(answer).startsWith("HTTP/1.1 100").contains("HTTP/1.1 201");
  }

  @Test
  void a_connection_stays_usable_after_an_unread_body() throws Exception {
    String unwanted =
        "POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
            + "Content-Type: application/json\r\n\r\n{\"id\":\"a\"}";
    String next = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    String answer = RawConnection.exchange(hub.port(), unwanted + next);

    assertThat(answer).startsWith("HTTP/1.1 401").contains("HTTP/1.1 200");
  }

  @Test
  void an_internal_error_is_reported_without_details() {
    hub.device("pump-7");
    hub.telemetry.failFromRead = 1;

    ApiResponse reply =
        hub.admin().get("/api/v1/devices/pump-7/telemetry?metric=x").refuses(500, "internal");

    assertThat(reply.body()).doesNotContain("fire").doesNotContain("Exception");
    assertThat(reply.header("X-Request-Id")).isNotEmpty();
    reply.withDetail(reply.header("X-Request-Id"));
  }

  @Test
  void every_response_is_nosniff_and_not_stored() {
    for (ApiResponse reply :
        new ApiResponse[] {
          hub.admin().get("/api/v1/devices"),
          hub.anonymous().get("/api/v1/devices"),
          hub.anonymous().get("/health/live")
        }) {
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(reply.header("Content-Security-Policy")).contains("default-src 'none'");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("Date")).endsWith("GMT");
    }
  }
}
