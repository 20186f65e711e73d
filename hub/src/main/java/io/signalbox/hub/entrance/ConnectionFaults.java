package io.signalbox.hub.entrance;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what is no HTTP: heads that cannot be read, frames that break HTTP/2, connections that end
 * within a message. A stranger can send such things without end, so they are in the log at DEBUG
 * only; Vert.x would write each as an error.
 *
 * <p>Threading: any thread.
 */
public final class ConnectionFaults {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionFaults.class);

  private final LongAdder faults = new LongAdder();
  private final Handler<Throwable> handler = this::broken;

  /** Nothing counted. */
  public ConnectionFaults() {}

  /** Counts what goes wrong on a connection from here on. */
  public void watch(HttpConnection connection) {
    connection.exceptionHandler(handler);
  }

  private void broken(Throwable cause) {
    count();
    LOG.debug("A connection is broken: {}", cause.toString());
  }

  /** Counts a head that could not be read. */
  public void count() {
    faults.increment();
  }

  /** How many there have been. */
  public long counted() {
    return faults.sum();
  }
}
