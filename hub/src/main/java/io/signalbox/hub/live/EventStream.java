package io.signalbox.hub.live;

import io.signalbox.hub.admission.Proof;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.wire.SentEvents;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A viewer's stream of server-sent events. Its connection asks for more when the viewer has taken
 * what was written before: until then nothing is taken from the feed.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class EventStream implements Viewer, Answer.Source {
  /** How soon a client comes back, in milliseconds: spread, so that not all come at once. */
  private static final int SOONEST = 1_000;

  private static final int LATEST = 5_000;

  private final LiveLoop loop;
  private final Proof proof;
  private final long beatMillis;
  private final EventOutbox outbox = new EventOutbox();
  private @Nullable Bundle bundle;
  private @Nullable Promise<Buffer> asked;
  private long writtenAt;

  private EventStream(LiveLoop loop, Proof proof, Bundle bundle) {
    this.loop = loop;
    this.proof = proof;
    this.bundle = bundle;
    this.beatMillis = TimeUnit.SECONDS.toMillis(beatSeconds(loop.gallery().settings()));
  }

  /** How often something is heard of a stream at least, in seconds. */
  private static long beatSeconds(LiveSettings settings) {
    return Math.max(1, settings.heartbeatSeconds() / 2);
  }

  /**
   * A stream for these subscriptions.
   *
   * @param named whether the viewer has given them ids, so that it is told of each where it begins
   */
  static EventStream start(LiveLoop loop, Proof proof, Bundle bundle, boolean named) {
    EventStream stream = new EventStream(loop, proof, bundle);
    stream.introduce(bundle, named);
    loop.add(stream);
    loop.gallery().tally().streamOpened();
    return stream;
  }

  private void introduce(Bundle follows, boolean named) {
    SentEvents.retry(outbox.text(), spread());
    if (named) {
      String epoch = loop.feed().epoch();
      long heartbeat = beatSeconds(loop.gallery().settings());
      SentEvents.hello(outbox.text(), epoch, heartbeat, loop.wallMillis());
      for (Subscription subscription : follows.subscriptions()) {
        String begin = follows.cursorOf(subscription);
        SentEvents.subscribed(outbox.text(), subscription.id(), begin);
      }
    }
    follows.tellResets(outbox);
    outbox.place(follows.cursor());
  }

  private static int spread() {
    return ThreadLocalRandom.current().nextInt(SOONEST, LATEST);
  }

  /** The next bytes, once there are some and the viewer has taken the last ones. */
  @Override
  public Future<Buffer> next() {
    Promise<Buffer> more = Promise.promise();
    asked = more;
    outbox.free(true);
    pump(loop.now());
    return more.future();
  }

  @Override
  public Proof proof() {
    return proof;
  }

  @Override
  public void pump(long now) {
    Bundle follows = bundle;
    if (follows != null) {
      follows.pump(outbox, now);
      if (follows.isLost()) {
        loop.gallery().tally().cut();
        end(new Refusal(Kind.CURSOR_GONE, "you have fallen behind what the feed keeps"));
      }
    }
    give(now);
  }

  private void give(long now) {
    Promise<Buffer> waiting = asked;
    if (waiting != null && (bundle == null || !outbox.isEmpty())) {
      asked = null;
      outbox.free(false);
      writtenAt = now;
      waiting.complete(BufferInternal.buffer(outbox.take()));
    }
  }

  @Override
  public boolean isRated() {
    Bundle follows = bundle;
    return follows != null && follows.isRated();
  }

  @Override
  public void tick(long now) {
    if (isRated()) {
      pump(now);
    }
    if (asked != null && now - writtenAt >= beatMillis) {
      SentEvents.comment(outbox.text(), "still here");
      give(now);
    }
  }

  @Override
  public void revoke() {
    end(new Refusal(Kind.UNAUTHENTICATED, "the key is gone"));
    give(loop.now());
  }

  @Override
  public void drain() {
    SentEvents.retry(outbox.text(), spread());
    end(new Refusal(Kind.UNAVAILABLE, "the hub is going down"));
    give(loop.now());
  }

  private void end(Refusal why) {
    SentEvents.over(outbox.text(), why);
    leave();
  }

  /** The viewer is gone, or has to go. */
  void leave() {
    if (bundle != null) {
      bundle = null;
      loop.remove(this);
      loop.gallery().tally().streamClosed();
    }
  }
}
