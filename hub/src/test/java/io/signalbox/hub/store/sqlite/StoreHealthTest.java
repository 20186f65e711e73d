package io.signalbox.hub.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@SuppressWarnings("NullAway.Init") // set before each test
class StoreHealthTest {
  private final AtomicLong nanos = new AtomicLong(-7);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(StoreHealth.class);
  @TempDir private Path directory;
  private StoreHealth health;

  @BeforeEach
  void listen() {
    health =
        new StoreHealth("The store", "write", "changes", DiskReserve.none(directory), nanos::get);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void the_current_error_ends_with_the_first_success() {
    assertThat(health.trouble()).isNull();

    health.failed("the disk accepts no more data", 3);
    assertThat(health.trouble()).isEqualTo("the disk accepts no more data");

    health.worked();
    assertThat(health.trouble()).isNull();
  }

  @Test
  void a_store_that_has_stopped_says_so_in_the_log_and_as_its_error() {
    health.stopped("the writer has stopped: out of memory");

    assertThat(health.trouble()).isEqualTo("the writer has stopped: out of memory");
    assertThat(messages())
        .containsExactly("The store cannot write: the writer has stopped: out of memory");
  }

  @Test
  void a_flapping_store_logs_one_line_at_the_start_and_one_at_the_end() {
    for (int i = 0; i < 50; i++) {
      health.failed("the disk accepts no more data", 3);
      pass(Duration.ofMillis(400));
      health.worked();
    }
    assertThat(messages()).containsExactly("The store cannot write: the disk accepts no more data");

    pass(Duration.ofSeconds(5));
    health.worked();
    health.worked();

    assertThat(messages())
        .hasSize(2)
        .last()
        .isEqualTo("The store can write again after 19 s; 150 changes were refused");
  }

  @Test
  void each_reason_is_logged_once() {
    health.failed("a", 1);
    health.failed("b", 1);
    health.failed("a", 1);

    assertThat(messages())
        .containsExactly("The store cannot write: a", "The store cannot write: b");
  }

  @Test
  void the_next_failure_is_logged_and_counted_separately() {
    health.failed("a", 5);
    pass(Duration.ofSeconds(6));
    health.worked();
    health.failed("a", 2);
    pass(Duration.ofSeconds(6));
    health.worked();

    assertThat(messages()).hasSize(4).last().asString().contains("; 2 changes were refused");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
