package io.signalbox.sim.http;

import io.signalbox.sim.link.HubFrame;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the twin now and then, for devices that are told of commands only: the first look is the
 * welcome, each other costs next to nothing while the twin stays as it is.
 */
final class TwinLook {
  private static final long EVERY_MILLIS = 60_000;

  private final HttpDoor door;
  private final Wire wire;
  private final Teller teller;
  private @Nullable String tag;
  private long nextAt;

  TwinLook(HttpDoor door, Wire wire, Teller teller) {
    this.door = door;
    this.wire = wire;
    this.teller = teller;
  }

  boolean isDue(long now) {
    return now >= nextAt;
  }

  /** Looks; completes when all that follows has been told, and fails if nobody answered. */
  Future<Void> look() {
    nextAt = door.now() + EVERY_MILLIS;
    Ask ask = Ask.get("twin");
    return wire.ask(tag == null ? ask : ask.with("If-None-Match", tag)).map(this::seen);
  }

  private @Nullable Void seen(Reply reply) {
    if (reply.status() == 200) {
      tag = reply.headers().get("ETag");
      tell(reply);
    } else if (!reply.isGood() && !(teller.isWelcomed() && reply.mayPass())) {
      teller.refused(reply);
    }
    return null;
  }

  private void tell(Reply reply) {
    var desired = reply.document().path("desired");
    if (teller.isWelcomed()) {
      teller.tell(new HubFrame.Desired(desired.path("version").asLong(), desired.path("state")));
    } else {
      teller.welcome(desired.path("state"));
    }
  }
}
