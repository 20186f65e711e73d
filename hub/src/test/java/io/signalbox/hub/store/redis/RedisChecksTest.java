package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RedisChecksTest {
  private final Vertx vertx = Vertx.vertx();
  private final Logger logger = (Logger) LoggerFactory.getLogger(RedisChecks.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void record() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    answer(vertx.close());
  }

  @Test
  void the_first_start_fixes_the_number_of_partitions() {
    try (RedisServer server = RedisServer.start()) {
      assertThat(check(server.url(), 8)).isEqualTo(new RedisKeys("signalbox", 8));
      assertThat(lines()).isEmpty();

      assertThat(check(server.url(), 32)).isEqualTo(new RedisKeys("signalbox", 8));
      assertThat(lines())
          .containsExactly(
              "redis.partitions is 32, but this system was created with 8, which is used");
    }
  }

  @Test
  void settings_of_redis_that_endanger_data_are_told() {
    try (RedisServer server = RedisServer.start()) {
      server.command("CONFIG", "SET", "appendonly", "no");
      server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");

      check(server.url(), 16);

      assertThat(lines())
          .hasSize(2)
          .anyMatch(line -> line.contains("maxmemory-policy allkeys-lru"))
          .anyMatch(line -> line.contains("appendonly no"));
    }
  }

  @Test
  void a_user_who_may_not_read_the_configuration_can_start() {
    try (RedisServer server = RedisServer.start()) {
      server.command("ACL", "SETUSER", "hub", "on", ">secret", "~*", "&*", "+@all", "-config");

      check(server.url(), "hub", "secret", 16);

      assertThat(lines()).singleElement().asString().contains("does not permit CONFIG GET");
    }
  }

  @Test
  void a_node_of_a_cluster_needs_the_setting() {
    try (RedisServer server = RedisServer.start("--cluster-enabled", "yes")) {
      assertThatThrownBy(() -> check(server.url(), 16))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("set redis.cluster");
    }
  }

  private RedisKeys check(String url, int partitions) {
    return check(url, null, null, partitions);
  }

  private RedisKeys check(
      String url, @Nullable String user, @Nullable String password, int partitions) {
    RedisSettings settings =
        new RedisSettings(
            url,
            user,
            password,
            null,
            false,
            null,
            "written",
            "signalbox",
            partitions,
            Duration.ofSeconds(5));
    RedisLink link = answer(RedisLink.open(vertx, settings));
    try {
      return answer(RedisChecks.run(link, settings));
    } finally {
      answer(link.close());
    }
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
