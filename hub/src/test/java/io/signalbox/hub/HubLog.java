package io.signalbox.hub;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.slf4j.LoggerFactory;

/**
 * The last lines that this JVM's hubs logged.
 *
 * <p>Threading: any thread may log and read; guarded by itself.
 */
final class HubLog extends AppenderBase<ILoggingEvent> {
  private static final int MOST_LINES = 200;
  private static final HubLog LOG = new HubLog();

  private final Deque<String> lines = new ArrayDeque<>();
  private final PatternLayout layout = new PatternLayout();

  /** The log of this JVM, recorded from the first call on. */
  static synchronized HubLog capture() {
    if (!LOG.isStarted()) {
      LOG.attach();
    }
    return LOG;
  }

  private void attach() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    setContext(context);
    layout.setContext(context);
    layout.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n%ex{20}");
    layout.start();
    start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this);
  }

  @Override
  protected synchronized void append(ILoggingEvent event) {
    if (lines.size() == MOST_LINES) {
      lines.removeFirst();
    }
    lines.addLast(layout.doLayout(event));
  }

  /** The failure with the log as a suppressed exception, so that every report prints it. */
  synchronized Throwable addTo(Throwable failure) {
    boolean isThere = Arrays.stream(failure.getSuppressed()).anyMatch(Excerpt.class::isInstance);
    if (!isThere && !lines.isEmpty()) {
      failure.addSuppressed(new Excerpt(String.join("", lines)));
    }
    return failure;
  }

  /** Log lines that are printed with a failure. */
  private static final class Excerpt extends Throwable {
    private static final long serialVersionUID = 1L;

    Excerpt(String lines) {
      super("\n" + lines, null, false, false);
    }
  }
}
