package io.signalbox.hub.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Browsers distinguish cookies by host and name, not by port, so each hub has its own cookie name.
 */
class SessionCookieTest {
  @TempDir Path directory;
  private final CookieManager jar = new CookieManager();
  private final HttpClient browser = HttpClient.newBuilder().cookieHandler(jar).build();

  private static HttpRequest.Builder session(RunningHub hub) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/api/v1/session"))
        .timeout(Duration.ofMinutes(3));
  }

  private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return browser.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  private void signIn(RunningHub hub) throws IOException, InterruptedException {
    String body = "{\"key\":\"" + RunningHub.ADMIN_KEY + "\"}";
    HttpRequest.Builder request =
        session(hub).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    assertThat(status(request)).isEqualTo(200);
  }

  private boolean isSignedIn(RunningHub hub) throws IOException, InterruptedException {
    return status(session(hub)) == 200;
  }

  @Test
  void two_hubs_on_one_host_keep_separate_sessions() throws Exception {
    try (RunningHub one = RunningHub.start(directory.resolve("one"));
        RunningHub other = RunningHub.start(directory.resolve("other"))) {
      signIn(one);
      signIn(other);

      assertThat(isSignedIn(one)).isTrue();
      assertThat(isSignedIn(other)).isTrue();

      String origin = "http://127.0.0.1:" + one.port();
      assertThat(status(session(one).header("Origin", origin).DELETE())).isEqualTo(204);
      assertThat(isSignedIn(one)).isFalse();
      assertThat(isSignedIn(other)).isTrue();
    }
  }

  @Test
  void a_cookie_stays_valid_after_a_restart_on_another_port() throws Exception {
    try (RunningHub hub = RunningHub.start(directory.resolve("one"))) {
      signIn(hub);
    }
    try (RunningHub hub = RunningHub.start(directory.resolve("one"))) {
      assertThat(isSignedIn(hub)).isTrue();
      assertThat(jar.getCookieStore().getCookies())
          .extracting(HttpCookie::getName)
          .singleElement()
          .asString()
          .matches("signalbox-[0-9a-f]{12}");
    }
  }

  @Test
  void a_cookie_of_another_name_is_refused() throws Exception {
    try (RunningHub hub = RunningHub.start(directory.resolve("one"))) {
      signIn(hub);
      String value = jar.getCookieStore().getCookies().getFirst().getValue();
      jar.getCookieStore().removeAll();

      assertThat(status(session(hub).header("Cookie", "signalbox=" + value))).isEqualTo(401);
    }
  }
}
