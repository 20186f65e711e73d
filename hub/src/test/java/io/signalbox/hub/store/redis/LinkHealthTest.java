package io.signalbox.hub.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LinkHealthTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LinkHealth.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private long nanos;
  private final LinkHealth health =
      new LinkHealth("Redis at db:6379", new RedisLinkMetrics(), () -> nanos);

  @BeforeEach
  void record() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
  }

  @Test
  void one_line_when_the_connection_is_lost_and_one_when_there_is_another() {
    health.away("the connection was lost");
    health.failed(RedisFailure.CLOSED);
    pass(3);
    health.away("connection refused");
    health.failed(RedisFailure.AWAY);
    assertThat(health.trouble())
        .isEqualTo("Redis at db:6379 cannot be used: connection refused (for 3 s)");
    pass(1);
    health.connected();

    assertThat(health.trouble()).isNull();
    assertThat(lines())
        .containsExactly(
            "Redis at db:6379 cannot be used: the connection was lost",
            "Redis at db:6379 can be used again after 4 s; commands that failed: 2");
  }

  @Test
  void a_server_that_refuses_some_commands_is_in_trouble_until_it_has_refused_none_for_5_s() {
    health.failed(RedisFailure.MEMORY);
    pass(4);
    health.worked();
    health.failed(RedisFailure.MEMORY);
    pass(4);
    health.worked();
    assertThat(health.trouble()).contains("its memory is full");
    pass(1);
    health.worked();

    assertThat(health.trouble()).isNull();
    assertThat(lines())
        .containsExactly(
            "Redis at db:6379 cannot be used: its memory is full (maxmemory)",
            "Redis at db:6379 can be used again after 9 s; commands that failed: 2");
  }

  @Test
  void a_fault_of_the_program_is_no_trouble() {
    health.failed(RedisFailure.ERROR);
    health.failed(RedisFailure.OVERLOAD);

    assertThat(health.trouble()).isNull();
    assertThat(lines()).isEmpty();
  }

  private void pass(int seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
