package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.net.ServerSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The reasons for which a first connection fails. */
class RedisConnectTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    answer(vertx.close());
  }

  @Test
  void nothing_listens() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(failure("redis://127.0.0.1:" + port))
        .isEqualTo("cannot connect to Redis at 127.0.0.1:" + port + ": connection refused");
  }

  @Test
  void the_password_is_missing_or_wrong() {
    try (RedisServer server = RedisServer.start("--requirepass", "right")) {
      assertThat(failure(server.url())).endsWith("a password is needed (NOAUTH)");
      String wrong = failure("redis://:wrong@127.0.0.1:" + server.port());
      assertThat(wrong).contains("WRONGPASS").doesNotContain("wrong@");
      RedisLink link = open("redis://:right@127.0.0.1:" + server.port());
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

  private static RedisSettings settings(String url, @Nullable String sentinelMaster) {
    return new RedisSettings(
        url, sentinelMaster, false, null, "written", "signalbox", 16, Duration.ofSeconds(1));
  }
}
