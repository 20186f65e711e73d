package io.signalbox.hub.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.Reporter;

/**
 * Sets the log up: one line for each event, on standard error, since standard output is for the
 * lines that programs read. Logback finds it as a service. It is code and no XML file because the
 * parser of that file costs a tenth of the CPU of a start; {@code -Dlogback.configurationFile=FILE}
 * still names a file to use instead.
 *
 * <p>The hub's own loggers have the level that {@link #prepare} was told, INFO without it; all
 * others tell warnings and errors.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final String LEVEL = "signalbox.log.level";
  private static final String CONNECTIONS = "io.vertx.core.net.impl.ConnectionBase";
  private static final String FILE = "logback.configurationFile";

  /** An exception comes in the same line, its parts parted by bars. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0} %msg"
          + "%replace(%replace( %ex{12}){'\\s+\\z', ''}){'\\s*\\R\\s*', ' | '}%nopex%n";

  /** Made by Logback. */
  public LogConfigurator() {}

  /**
   * Chooses the level of the hub's own loggers, before anything is logged. Names Logback as what
   * stands behind SLF4J, too, which then need not search all jars for it.
   *
   * @param level error, warn, info or debug, in any case
   */
  public static void prepare(String level) {
    System.setProperty(LEVEL, level);
    System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, LogbackServiceProvider.class.getName());
    System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN");
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(standardError(context));
    context
        .getLogger("io.signalbox")
        .setLevel(Level.toLevel(System.getProperty(LEVEL), Level.INFO));
    // Each stranger who sends what is no HTTP/2 would be an error line of Vert.x.
    context.getLogger(CONNECTIONS).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
