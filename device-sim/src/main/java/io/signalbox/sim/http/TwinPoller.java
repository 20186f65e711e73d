package io.signalbox.sim.http;

import io.signalbox.sim.link.HubFrame;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the twin now and then, for devices that are told of commands only: the first look is the
 * welcome, each other costs next to nothing while the twin stays as it is.
 */
final class TwinPoller {
  private static final long EVERY_MILLIS = 60_000;

  private final HttpConnector connector;
  private final HttpConnection wire;
  private final LinkNotifier notifier;
  private @Nullable String tag;
  private long nextAt;

  TwinPoller(HttpConnector connector, HttpConnection wire, LinkNotifier notifier) {
    this.connector = connector;
    this.wire = wire;
    this.notifier = notifier;
  }

  boolean isDue(long now) {
    return now >= nextAt;
  }

  /** Looks; completes when all that follows has been told, and fails if nobody answered. */
  Future<Void> look() {
    nextAt = connector.now() + EVERY_MILLIS;
    DeviceRequest deviceRequest = DeviceRequest.get("twin");
    return wire.ask(tag == null ? deviceRequest : deviceRequest.with("If-None-Match", tag))
        .map(this::seen);
  }

  private @Nullable Void seen(HttpReply reply) {
    if (reply.status() == 200) {
      tag = reply.headers().get("ETag");
      tell(reply);
    } else if (!reply.isGood() && !(notifier.isWelcomed() && reply.mayPass())) {
      notifier.refused(reply);
    }
    return null;
  }

  private void tell(HttpReply reply) {
    var desired = reply.document().path("desired");
    if (notifier.isWelcomed()) {
      notifier.tell(new HubFrame.Desired(desired.path("version").asLong(), desired.path("state")));
    } else {
      notifier.welcome(desired.path("state"));
    }
  }
}
