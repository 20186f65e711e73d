package io.signalbox.hub.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureLogTest {
  private final AtomicLong nanos = new AtomicLong(-7);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = new LoggerContext().getLogger("test");
  private final FailureLog log = new FailureLog(logger, "The store", "changes", nanos::get);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @Test
  void a_flapping_store_logs_one_line_at_the_start_and_one_at_the_end() {
    for (int i = 0; i < 50; i++) {
      log.failed("the disk takes no more", 3);
      pass(Duration.ofMillis(400));
      log.worked();
    }
    assertThat(messages()).containsExactly("The store cannot write: the disk takes no more");

    pass(Duration.ofSeconds(5));
    log.worked();
    log.worked();

    assertThat(messages())
        .hasSize(2)
        .last()
        .isEqualTo("The store can write again after 19 s; 150 changes were refused");
  }

  @Test
  void each_reason_is_logged_once() {
    log.failed("a", 1);
    log.failed("b", 1);
    log.failed("a", 1);

    assertThat(messages())
        .containsExactly("The store cannot write: a", "The store cannot write: b");
  }

  @Test
  void the_next_failure_is_logged_and_counted_separately() {
    log.failed("a", 5);
    pass(Duration.ofSeconds(6));
    log.worked();
    log.failed("a", 2);
    pass(Duration.ofSeconds(6));
    log.worked();

    assertThat(messages()).hasSize(4).last().asString().contains("; 2 changes were refused");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
