package io.signalbox.hub.feed.http;

import io.signalbox.hub.feed.FeedClient;
import io.signalbox.hub.feed.FeedDispatcher;
import io.signalbox.hub.feed.FeedSettings;
import io.signalbox.hub.feed.Subscription;
import io.signalbox.hub.feed.SubscriptionGroup;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.SseEncoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's stream of server-sent events. The connection requests more when the client has read
 * the previous bytes; until then nothing is taken from the feed.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class SseClient implements FeedClient, Response.BodySource {
  /** Minimum of the randomized reconnect delay, in milliseconds. */
  private static final int SOONEST = 1_000;

  private static final int LATEST = 5_000;

  private final FeedDispatcher loop;
  private final Credential credential;
  private final long beatMillis;
  private final SseSink sink = new SseSink();
  private @Nullable SubscriptionGroup group;
  private @Nullable Promise<Buffer> pendingRead;
  private long writtenAt;

  private SseClient(FeedDispatcher loop, Credential credential, SubscriptionGroup group) {
    this.loop = loop;
    this.credential = credential;
    this.group = group;
    this.beatMillis = TimeUnit.SECONDS.toMillis(beatSeconds(loop.settings()));
  }

  /** Longest silence of a stream, in seconds. */
  private static long beatSeconds(FeedSettings settings) {
    return Math.max(1, settings.heartbeatSeconds() / 2);
  }

  /**
   * Starts a stream of these subscriptions.
   *
   * @param named whether the client has given them ids, so that it gets the start position of each
   */
  static SseClient start(
      FeedDispatcher loop, Credential credential, SubscriptionGroup group, boolean named) {
    SseClient stream = new SseClient(loop, credential, group);
    stream.introduce(group, named);
    loop.add(stream);
    loop.metrics().streamOpened();
    return stream;
  }

  private void introduce(SubscriptionGroup follows, boolean named) {
    SseEncoder.retry(sink.text(), spread());
    if (named) {
      String epoch = loop.epoch();
      long heartbeat = beatSeconds(loop.settings());
      SseEncoder.hello(sink.text(), epoch, heartbeat, loop.wallMillis());
      for (Subscription subscription : follows.subscriptions()) {
        String begin = follows.cursorOf(subscription);
        SseEncoder.subscribed(sink.text(), subscription.id(), begin);
      }
    }
    follows.sendResets(sink);
    sink.place(follows.cursor());
  }

  private static int spread() {
    return ThreadLocalRandom.current().nextInt(SOONEST, LATEST);
  }

  /** The next bytes, once there are some and the previous ones were read. */
  @Override
  public Future<Buffer> next() {
    Promise<Buffer> more = Promise.promise();
    pendingRead = more;
    sink.free(true);
    deliver(loop.now());
    return more.future();
  }

  @Override
  public Credential credential() {
    return credential;
  }

  @Override
  public void deliver(long now) {
    SubscriptionGroup follows = group;
    if (follows != null) {
      follows.deliver(sink, now);
      if (follows.hasGap()) {
        loop.metrics().slowConsumerClosed();
        end(new Refusal(ErrorCode.CURSOR_GONE, "the client fell behind the oldest kept event"));
      }
    }
    give(now);
  }

  private void give(long now) {
    Promise<Buffer> waiting = pendingRead;
    if (waiting != null && (group == null || !sink.isEmpty())) {
      pendingRead = null;
      sink.free(false);
      writtenAt = now;
      waiting.complete(BufferInternal.buffer(sink.take()));
    }
  }

  @Override
  public boolean isConflated() {
    SubscriptionGroup follows = group;
    return follows != null && follows.isConflated();
  }

  @Override
  public void tick(long now) {
    if (isConflated()) {
      deliver(now);
    }
    if (pendingRead != null && now - writtenAt >= beatMillis) {
      SseEncoder.comment(sink.text(), "heartbeat");
      give(now);
    }
  }

  @Override
  public void revoke() {
    end(new Refusal(ErrorCode.UNAUTHENTICATED, "the key was revoked"));
    give(loop.now());
  }

  @Override
  public void drain() {
    SseEncoder.retry(sink.text(), spread());
    end(new Refusal(ErrorCode.UNAVAILABLE, "the hub is shutting down"));
    give(loop.now());
  }

  private void end(Refusal why) {
    SseEncoder.over(sink.text(), why);
    leave();
  }

  /** Called when the client has disconnected or is to be disconnected. */
  void leave() {
    if (group != null) {
      group = null;
      loop.remove(this);
      loop.metrics().streamClosed();
    }
  }
}
