package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that refuses, is killed, or does not answer. */
class RedisLinkFailureTest {
  private static final RedisScript INCREMENT = script("return redis.call('INCR', KEYS[1])");

  private final Vertx vertx = Vertx.vertx();

  private final List<RedisLink> links = new ArrayList<>();

  @AfterEach
  void close() {
    links.forEach(link -> answer(link.close()));
    answer(vertx.close());
  }

  @Test
  void a_killed_server_is_unavailable_and_has_all_answered_writes_when_it_is_back() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = open(RedisSettings.of(server.url()));
      assertThat(increment(link)).isEqualTo(1);
      assertThat(link.trouble()).isNull();

      server.kill();
      await().until(() -> link.trouble() != null);
      assertThat(refusal(link.run(INCREMENT, List.of("n"))).kind())
          .isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(link.trouble()).contains("Redis at 127.0.0.1:" + server.port());
      assertThat(link.metrics().failures(RedisFailure.AWAY)).isPositive();
      server.restart();

      await().atMost(Duration.ofSeconds(20)).until(() -> link.trouble() == null);
      assertThat(increment(link)).isEqualTo(2);
      assertThat(link.metrics().reconnects()).isEqualTo(1);
      assertThat(link.metrics().underWay()).isZero();
    }
  }

  @Test
  void scripts_are_known_to_a_server_that_was_restarted_before_they_run_again() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = open(RedisSettings.of(server.url()));
      increment(link);

      server.kill();
      server.restart();
      await().atMost(Duration.ofSeconds(20)).until(() -> link.metrics().reconnects() == 1);

      Request exists = Request.cmd(Command.SCRIPT).arg("EXISTS").arg(INCREMENT.sha1());
      assertThat(answer(link.send(exists)).get(0).toInteger()).isEqualTo(1);
    }
  }

  @Test
  void commands_are_unavailable_when_a_server_does_not_answer_in_time() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = open(settings(server, Duration.ofMillis(300)));
      increment(link);

      server.suspend();
      List<Future<Response>> asked =
          IntStream.range(0, 10).mapToObj(i -> link.run(INCREMENT, List.of("n"))).toList();
      asked.forEach(
          one -> assertThat(refusal(one).detail()).contains("Redis", "did not answer in time"));
      assertThat(refusal(link.run(INCREMENT, List.of("n"))).retryAfter()).isPositive();
      server.resume();

      await().atMost(Duration.ofSeconds(20)).until(() -> link.trouble() == null);
      assertThat(increment(link)).isIn(2L, 12L);
      assertThat(link.metrics().failures(RedisFailure.TIMEOUT)).isEqualTo(10);
      // That of the link and that of redis-cli: nothing is left of the attempts.
      await().until(() -> server.command("CLIENT", "LIST").lines().count() == 2);
    }
  }

  @Test
  void an_idle_link_notices_that_the_server_does_not_answer() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = open(settings(server, Duration.ofMillis(300)));
      await().until(() -> link.metrics().roundTripSeconds() > 0);

      server.suspend();
      await().until(() -> link.trouble() != null);
      server.resume();
      await().atMost(Duration.ofSeconds(20)).until(() -> link.trouble() == null);
    }
  }

  @Test
  void a_command_that_redis_holds_has_its_own_time() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = open(settings(server, Duration.ofMillis(200)));
      Request held = Request.cmd(Command.BLPOP).arg("none").arg("0.7");

      assertThat(answer(link.sendBlocking(held, Duration.ofMillis(700)))).isNull();
      assertThat(link.metrics().failures(RedisFailure.TIMEOUT)).isZero();
    }
  }

  @Test
  void a_full_memory_is_unavailable_and_reads_go_on() {
    try (RedisServer server = RedisServer.start("--maxmemory", "1")) {
      RedisLink link = open(RedisSettings.of(server.url()));

      Refusal refusal = refusal(link.send(Request.cmd(Command.SET).arg("k").arg("v")));

      assertThat(refusal.kind()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(refusal.detail()).contains("Redis", "memory is full");
      assertThat(refusal(link.run(INCREMENT, List.of("n"))).detail()).contains("memory is full");
      assertThat(link.trouble()).contains("memory is full");
      assertThat(answer(link.send(Request.cmd(Command.GET).arg("k")))).isNull();
      assertThat(link.metrics().failures(RedisFailure.MEMORY)).isEqualTo(2);
    }
  }

  @Test
  void an_error_in_a_script_is_a_fault_of_the_program() {
    RedisLink link = open(RedisSettings.of(RedisServer.shared().url()));
    RedisScript faulty = script("return redis.call('LPUSH', KEYS[1])");

    assertThatThrownBy(() -> answer(link.run(faulty, List.of("n"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("test.lua: ")
        .hasMessageContaining("Wrong number of args");
    assertThat(link.trouble()).isNull();
  }

  @Test
  void what_was_sent_and_not_answered_is_unavailable_when_the_server_is_killed() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = open(settings(server, Duration.ofSeconds(30)));
      Future<Response> held = link.send(Request.cmd(Command.BLPOP).arg("none").arg("20"));
      Future<Response> behind = link.run(INCREMENT, List.of("n"));
      await().until(() -> server.command("INFO", "clients").contains("blocked_clients:1"));

      server.kill();

      assertThat(refusal(held).detail()).contains("the connection ended before the answer");
      assertThat(refusal(behind).detail()).contains("the connection ended before the answer");
      assertThat(link.metrics().failures(RedisFailure.CLOSED)).isEqualTo(2);
    }
  }

  @Test
  void more_commands_than_the_limit_are_unavailable() {
    try (RedisServer server = RedisServer.start()) {
      RedisLink link = open(settings(server, Duration.ofMinutes(1)));
      server.suspend();
      IntStream.range(0, RedisLink.MAX_UNDER_WAY)
          .forEach(i -> link.send(Request.cmd(Command.PING)));

      assertThat(refusal(link.send(Request.cmd(Command.PING))).detail())
          .contains("too many commands");
      server.resume();
      await().until(() -> link.metrics().underWay() == 0);
      assertThat(answer(link.send(Request.cmd(Command.PING))).toString()).isEqualTo("PONG");
    }
  }

  @Test
  void a_closed_link_refuses_and_does_not_connect_again() {
    RedisLink link = open(RedisSettings.of(RedisServer.shared().url()));
    answer(link.close());

    assertThat(refusal(link.send(Request.cmd(Command.PING))).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(link.metrics().reconnects()).isZero();
  }

  private RedisLink open(RedisSettings settings) {
    RedisLink link = answer(RedisLink.open(vertx, settings));
    links.add(link);
    return link;
  }

  private static long increment(RedisLink link) {
    return answer(link.run(INCREMENT, List.of("n"))).toLong();
  }

  private static RedisSettings settings(RedisServer server, Duration timeout) {
    return new RedisSettings(
        server.url(), null, null, null, false, null, "written", "signalbox", 16, timeout);
  }

  private static RedisScript script(String text) {
    return new RedisScript("test.lua", text, RedisScript.sha1(text));
  }
}
