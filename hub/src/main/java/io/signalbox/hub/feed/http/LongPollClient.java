package io.signalbox.hub.feed.http;

import io.signalbox.hub.feed.FeedClient;
import io.signalbox.hub.feed.FeedDispatcher;
import io.signalbox.hub.feed.SubscriptionGroup;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * A poll of the feed that is held until there are events or its time is over.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class LongPollClient implements FeedClient {
  private final FeedDispatcher loop;
  private final Credential credential;
  private final SubscriptionGroup group;
  private final PollSink page;
  private final long deadline;
  private final Promise<Response> answer = Promise.promise();
  private boolean held;

  /**
   * Creates a poll.
   *
   * @param deadline end of the wait, in milliseconds of the monotonic clock
   */
  LongPollClient(
      FeedDispatcher loop,
      Credential credential,
      SubscriptionGroup group,
      PollSink page,
      long deadline) {
    this.loop = loop;
    this.credential = credential;
    this.group = group;
    this.page = page;
    this.deadline = deadline;
  }

  /** The response, now or later. */
  Future<Response> start(long now) {
    group.sendResets(page);
    group.deliver(page, now);
    if (isDue(now)) {
      answer.complete(page(now));
      return answer.future();
    }
    held = true;
    loop.add(this);
    loop.metrics().pollHeld();
    // Events appended since the last read did not wake this client.
    deliver(now);
    return answer.future();
  }

  private boolean isDue(long now) {
    return !page.isEmpty() || now >= deadline || group.hasGap();
  }

  private Response page(long now) {
    // The cursor covers the whole response, so it must include everything that was held back.
    group.flush(page, now);
    return Response.of(
        200, Response.JSON, BufferInternal.buffer(page.page(group.cursor(), loop.wallMillis())));
  }

  @Override
  public Credential credential() {
    return credential;
  }

  @Override
  public void deliver(long now) {
    group.deliver(page, now);
    if (isDue(now)) {
      leave();
      answer.tryComplete(page(now));
    }
  }

  @Override
  public boolean isConflated() {
    return group.isConflated();
  }

  @Override
  public void tick(long now) {
    if (now >= deadline || group.isConflated()) {
      deliver(now);
    }
  }

  @Override
  public void revoke() {
    leave();
    answer.tryFail(new Refusal(ErrorCode.UNAUTHENTICATED, "the key was revoked"));
  }

  @Override
  public void drain() {
    leave();
    Response nothing = page(loop.now());
    answer.tryComplete(
        nothing.with("Retry-After", Integer.toString(FeedDispatcher.retryAfterSeconds())));
  }

  /** Called when it is answered or the client has disconnected. */
  void leave() {
    if (held) {
      held = false;
      loop.remove(this);
      loop.metrics().pollReleased();
    }
  }
}
