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
 * Logback configuration: one line per event on standard error, because programs read standard
 * output. Logback finds it as a service. It is code because parsing an XML file costs a tenth of
 * the CPU time of a start; {@code -Dlogback.configurationFile=FILE} still selects a file.
 *
 * <p>The hub's loggers have the level given to {@link #prepare}, INFO by default; all others have
 * WARN.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final String LEVEL = "signalbox.log.level";
  private static final String CONNECTIONS = "io.vertx.core.net.impl.ConnectionBase";
  private static final String FILE = "logback.configurationFile";

  /** An exception is logged in the same line, with bars as separators. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0} %msg"
          + "%replace(%replace( %ex{12}){'\\s+\\z', ''}){'\\s*\\R\\s*', ' | '}%nopex%n";

  /** Called by Logback. */
  public LogConfigurator() {}

  /**
   * Sets the level of the hub's loggers, before anything is logged. Also names Logback as SLF4J's
   * provider, which saves a search of all jars.
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
    // Otherwise every client that does not speak HTTP/2 would cause an error line of Vert.x.
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
