package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.signalbox.hub.http.netty.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reasons for which a first connection fails. */
class RedisConnectTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    answer(vertx.close());
  }

  @Test
  void nothing_listens() {
    int port = RedisServer.freePort();
    assertThat(failure("redis://127.0.0.1:" + port))
        .isEqualTo("cannot connect to Redis at 127.0.0.1:" + port + ": connection refused");
  }

  @Test
  void the_password_is_missing_or_wrong() {
    try (RedisServer server = RedisServer.start("--requirepass", "right")) {
      assertThat(failure(server.url())).endsWith("a password is needed (NOAUTH)");
      assertThatThrownBy(() -> answer(RedisLink.open(vertx, withPassword(server, "false"))))
          .hasMessageContaining("WRONGPASS")
          .hasMessageNotContaining("false");
      RedisLink link = answer(RedisLink.open(vertx, withPassword(server, "right")));
      assertThat(link.trouble()).isNull();
      answer(link.close());
    }
  }

  @Test
  void something_else_answers() {
    assertThat(failure("redis://127.0.0.1:" + answering("HTTP/1.1 400 Bad Request\r\n\r\n")))
        .endsWith("what answers there is not a Redis");
  }

  @Test
  void something_never_answers() {
    assertThat(failure("redis://127.0.0.1:" + answering(""))).endsWith("it did not answer in time");
  }

  @Test
  void the_server_does_not_speak_tls() {
    try (RedisServer server = RedisServer.start()) {
      assertThat(failure("rediss://127.0.0.1:" + server.port())).contains("TLS");
    }
  }

  @Test
  void a_certificate_of_a_private_authority_is_trusted_if_it_is_named(@TempDir Path directory)
      throws Exception {
    Path certificate = directory.resolve("redis.pem");
    Path key = directory.resolve("redis.key");
    Certificates.write(certificate, key);
    int port = RedisServer.freePort();
    List<String> options = new ArrayList<>(List.of("--tls-port", Integer.toString(port)));
    options.addAll(List.of("--tls-cert-file", certificate.toString()));
    options.addAll(List.of("--tls-key-file", key.toString(), "--tls-auth-clients", "no"));
    try (RedisServer server = RedisServer.start(options.toArray(String[]::new))) {
      String url = "rediss://127.0.0.1:" + port;
      assertThat(failure(url)).contains("127.0.0.1:" + port + ": TLS failed: ");
      RedisLink link = answer(RedisLink.open(vertx, settings(url, null, certificate)));
      assertThat(answer(link.send(Request.cmd(Command.PING))).toString()).isEqualTo("PONG");
      answer(link.close());

      assertThat(failure(server.url().replace("" + server.port(), "" + port)))
          .contains("is it TLS only");
    }
  }

  @Test
  void the_server_is_a_replica_or_a_sentinel() {
    try (RedisServer master = RedisServer.start();
        RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + master.port());
        RedisServer sentinel = RedisServer.sentinel("main", master)) {
      assertThat(failure(replica.url())).endsWith("the server is a replica, which refuses writes");
      assertThat(failure(sentinel.url())).contains("set redis.sentinelMaster");
    }
  }

  @Test
  void sentinels_do_not_know_the_master() {
    try (RedisServer master = RedisServer.start();
        RedisServer sentinel = RedisServer.sentinel("main", master)) {
      assertThatThrownBy(() -> answer(RedisLink.open(vertx, settings(sentinel.url(), "other"))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Redis other of the Sentinels at 127.0.0.1");
    }
  }

  @Test
  void settings_that_contradict_each_other() {
    assertThatThrownBy(() -> RedisSettings.of("redis://a,redis://b"))
        .hasMessageContaining("sentinelMaster or cluster");
    assertThatThrownBy(() -> RedisSettings.of("http://a")).hasMessageContaining("url: expected");
    assertThat(RedisSettings.of("rediss://:p%2Cq@a:1/2").urls()).hasSize(1);
  }

  private int answering(String text) {
    NetServer server = vertx.createNetServer();
    server.connectHandler(
        socket ->
            socket.handler(
                asked -> {
                  if (!text.isEmpty()) {
                    socket.write(Buffer.buffer(text));
                  }
                }));
    return answer(server.listen(0, "127.0.0.1")).actualPort();
  }

  private String failure(String url) {
    Throwable thrown = catchThrowable(() -> open(url));
    assertThat(thrown).isInstanceOf(IllegalStateException.class);
    return String.valueOf(thrown.getMessage());
  }

  private RedisLink open(String url) {
    return answer(RedisLink.open(vertx, settings(url, null)));
  }

  private static RedisSettings withPassword(RedisServer server, String password) {
    return new RedisSettings(
        server.url(),
        null,
        password,
        null,
        false,
        null,
        "written",
        "signalbox",
        16,
        Duration.ofSeconds(1));
  }

  private static RedisSettings settings(String url, @Nullable String sentinelMaster) {
    return settings(url, sentinelMaster, null);
  }

  private static RedisSettings settings(
      String url, @Nullable String sentinelMaster, @Nullable Path tlsCa) {
    return new RedisSettings(
        url,
        null,
        null,
        sentinelMaster,
        false,
        tlsCa,
        "written",
        "signalbox",
        16,
        Duration.ofSeconds(1));
  }
}
