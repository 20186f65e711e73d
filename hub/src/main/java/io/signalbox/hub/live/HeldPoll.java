package io.signalbox.hub.live;

import io.signalbox.hub.admission.Proof;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * A poll of the feed that is held until there is something to tell, or its time is over.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class HeldPoll implements Viewer {
  private final LiveLoop loop;
  private final Proof proof;
  private final Bundle bundle;
  private final PageOutbox page;
  private final long deadline;
  private final Promise<Answer> answer = Promise.promise();
  private boolean held;

  /**
   * A poll that is not held yet.
   *
   * @param deadline milliseconds of the monotonic clock
   */
  HeldPoll(LiveLoop loop, Proof proof, Bundle bundle, PageOutbox page, long deadline) {
    this.loop = loop;
    this.proof = proof;
    this.bundle = bundle;
    this.page = page;
    this.deadline = deadline;
  }

  /** Answers at once, or when it is time. */
  Future<Answer> start(long now) {
    bundle.tellResets(page);
    bundle.pump(page, now);
    if (isDue(now)) {
      answer.complete(page(now));
      return answer.future();
    }
    held = true;
    loop.add(this);
    loop.gallery().tally().pollHeld();
    // What was appended since the feed was read woke nobody up here.
    pump(now);
    return answer.future();
  }

  private boolean isDue(long now) {
    return !page.isEmpty() || now >= deadline;
  }

  private Answer page(long now) {
    // The cursor of an answer stands for all of it: what was held back must be in it.
    bundle.flush(page, now);
    return Answer.of(
        200, Answer.JSON, BufferInternal.buffer(page.page(bundle.cursor(), loop.wallMillis())));
  }

  @Override
  public Proof proof() {
    return proof;
  }

  @Override
  public void pump(long now) {
    bundle.pump(page, now);
    if (isDue(now)) {
      leave();
      answer.tryComplete(page(now));
    }
  }

  @Override
  public boolean isRated() {
    return bundle.isRated();
  }

  @Override
  public void tick(long now) {
    if (now >= deadline || bundle.isRated()) {
      pump(now);
    }
  }

  @Override
  public void revoke() {
    leave();
    answer.tryFail(new Refusal(Kind.UNAUTHENTICATED, "the key is gone"));
  }

  @Override
  public void drain() {
    leave();
    Answer nothing = page(loop.now());
    answer.tryComplete(nothing.with("Retry-After", Integer.toString(ComeBack.seconds())));
  }

  /** It is answered, or its client is gone. */
  void leave() {
    if (held) {
      held = false;
      loop.remove(this);
      loop.gallery().tally().pollReleased();
    }
  }
}
