package io.signalbox.sim.http;

import io.signalbox.sim.link.HubFrame;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Polls the twin for links that only carry commands. The first poll gives the welcome; later ones
 * are conditional and cheap while the twin is unchanged.
 */
final class TwinPoller {
  private static final long EVERY_MILLIS = 60_000;

  private final HttpConnector connector;
  private final HttpConnection connection;
  private final LinkNotifier notifier;
  private @Nullable String tag;
  private long nextAt;

  TwinPoller(HttpConnector connector, HttpConnection connection, LinkNotifier notifier) {
    this.connector = connector;
    this.connection = connection;
    this.notifier = notifier;
  }

  boolean isDue(long now) {
    return now >= nextAt;
  }

  /** Polls the twin; completes after reporting changes, fails if the hub does not answer. */
  Future<Void> look() {
    nextAt = connector.now() + EVERY_MILLIS;
    DeviceRequest deviceRequest = DeviceRequest.get("twin");
    return connection
        .ask(tag == null ? deviceRequest : deviceRequest.with("If-None-Match", tag))
        .map(this::seen);
  }

  private @Nullable Void seen(HttpReply reply) {
    if (reply.status() == 200) {
      tag = reply.headers().get("ETag");
      emit(reply);
    } else if (!reply.isGood() && !(notifier.isWelcomed() && reply.isRetryable())) {
      notifier.refused(reply);
    }
    return null;
  }

  private void emit(HttpReply reply) {
    var desired = reply.document().path("desired");
    if (notifier.isWelcomed()) {
      notifier.emit(new HubFrame.Desired(desired.path("version").asLong(), desired.path("state")));
    } else {
      notifier.welcome(desired.path("state"));
    }
  }
}
