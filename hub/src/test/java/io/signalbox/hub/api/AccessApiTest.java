package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** API keys, and signing in to the console with one. */
class AccessApiTest {
  private static final String SESSION = "/api/v1/session";
  private static final String KEYS = "/api/v1/keys";
  private static final String SIGN_IN = "{\"key\":\"" + TestHub.ADMIN_KEY + "\"}";

  @StartHub private TestHub hub;

  @Test
  void a_key_is_created_shown_once_used_and_deleted() {
    ApiResponse made =
        hub.admin()
            .post(KEYS, "{\"name\":\"grafana\",\"scopes\":[\"telemetry:read\",\"devices:read\"]}")
            .is(201);
    String key = made.json().path("key").textValue();
    ApiClient grafana = hub.anonymous().with("Authorization", "Bearer " + key);

    grafana.get("/api/v1/devices").is(200);
    JsonNode known = hub.admin().get(KEYS).is(200).json();
    assertThat(known.path("items"))
        .extracting(item -> item.path("name").textValue() + item.path("scopes"))
        .containsExactlyInAnyOrder(
            "admin[\"admin\"]", "grafana[\"devices:read\",\"telemetry:read\"]");
    assertThat(known.toString()).doesNotContain(key);
    hub.admin().delete(made.header("Location")).is(204);
    grafana.get("/api/v1/devices").refuses(401, "unauthenticated");
  }

  @Test
  void a_user_signs_in_with_a_key_and_signs_out() {
    ApiResponse in = hub.anonymous().post(SESSION, SIGN_IN).is(200);

    assertThat(in.header("Set-Cookie"))
        .matches("signalbox-[0-9a-f]{12}=\\S+; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    long expires = TestHub.START + Duration.ofHours(12).toMillis();
    assertThat(in.json().path("expires").longValue()).isEqualTo(expires);
    ApiClient person = person(in);
    JsonNode session = person.get(SESSION).is(200).json();
    assertThat(session).isEqualTo(in.json());
    person.get("/api/v1/devices").is(200);

    ApiResponse out = person.delete(SESSION).is(204);
    assertThat(out.header("Set-Cookie"))
        .matches("signalbox-[0-9a-f]{12}=;.*")
        .contains("Max-Age=0");
  }

  @Test
  void a_session_expires() {
    ApiClient person = person(hub.anonymous().post(SESSION, SIGN_IN).is(200));

    hub.now.addAndGet(Duration.ofHours(12).toMillis());

    person.get(SESSION).refuses(401, "unauthenticated");
  }

  @Test
  void a_forged_session_cookie_is_refused() {
    String genuine = cookie(hub.anonymous().post(SESSION, SIGN_IN).is(200));
    String name = genuine.substring(0, genuine.indexOf('='));

    for (String forged :
        new String[] {genuine + "x", name + "=admin.99999999999999.x", name + "="}) {
      hub.anonymous().with("Cookie", forged).get(SESSION).refuses(401, "unauthenticated");
    }
    hub.anonymous().get(SESSION).refuses(401, "unauthenticated");
  }

  @Test
  void a_wrong_key_does_not_sign_in() {
    ApiResponse reply = hub.anonymous().post(SESSION, "{\"key\":\"wrong\"}");

    reply.refuses(401, "unauthenticated");
    assertThat(reply.header("Set-Cookie")).isEmpty();
  }

  @Test
  void a_caller_with_a_key_gets_its_principal() {
    JsonNode who = hub.admin().get(SESSION).is(200).json();

    assertThat(who.path("name").textValue()).isEqualTo("admin");
    assertThat(who.at("/scopes/0").textValue()).isEqualTo("admin");
    assertThat(who.has("expires")).isFalse();
  }

  @Test
  void with_a_cookie_only_same_origin_pages_may_write() {
    ApiClient person = person(hub.anonymous().post(SESSION, SIGN_IN).is(200));
    String device = "{\"id\":\"a\"}";
    String own = "http://127.0.0.1:" + hub.port();

    person.post("/api/v1/devices", device).refuses(403, "forbidden");
    person
        .with("Sec-Fetch-Site", "cross-site")
        .post("/api/v1/devices", device)
        .refuses(403, "forbidden");
    person
        .with("Sec-Fetch-Site", "same-site")
        .with("Origin", own)
        .post("/api/v1/devices", device)
        .refuses(403, "forbidden");
    person
        .with("Origin", "http://evil.example")
        .post("/api/v1/devices", device)
        .refuses(403, "forbidden");
    person.with("Origin", "null").post("/api/v1/devices", device).refuses(403, "forbidden");
    person.with("Origin", own).post("/api/v1/devices", device).is(201);
    person.with("Sec-Fetch-Site", "same-origin").delete("/api/v1/devices/a").is(204);
    person.with("Sec-Fetch-Site", "cross-site").get("/api/v1/devices").is(200);
  }

  @Test
  void a_cross_site_page_cannot_sign_in() {
    hub.anonymous()
        .with("Sec-Fetch-Site", "cross-site")
        .post(SESSION, SIGN_IN)
        .refuses(403, "forbidden");
    hub.anonymous().with("Sec-Fetch-Site", "same-origin").post(SESSION, SIGN_IN).is(200);
  }

  @Test
  void behind_tls_the_cookie_is_marked_secure(@TempDir Path other) {
    ApiSettings behindTls = new ApiSettings(Duration.ofSeconds(5), true);
    try (TestHub secure = new TestHub(other, behindTls)) {
      ApiResponse in = secure.anonymous().post(SESSION, SIGN_IN).is(200);

      assertThat(in.header("Set-Cookie")).endsWith("; Secure");
    }
  }

  private ApiClient person(ApiResponse signedIn) {
    return hub.anonymous().with("Cookie", cookie(signedIn));
  }

  private static String cookie(ApiResponse signedIn) {
    return signedIn.header("Set-Cookie").split(";", 2)[0];
  }
}
