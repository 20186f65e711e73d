package io.signalbox.hub.gateway;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryMessage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the readings of one session, while some type is strict. They are looked up for the
 * first message, and again for the first one after a change; almost always they are cached, and
 * found at once. Otherwise the session's messages wait here in order, and the session does not read
 * on, so that only what it has read already can wait.
 *
 * <p>If they cannot be looked up, the messages that wait are refused, and the next one tries again.
 *
 * <p>Threading: the session's event loop only.
 */
final class ReadingRules {
  private final DeviceSessions shared;
  private final DeviceSession session;
  private final Queue<Waiting> waiting = new ArrayDeque<>(0);
  private @Nullable TelemetryRules rules;
  private @Nullable Refusal failure;
  private boolean isKnown;
  private int stamp;
  private int pending;

  ReadingRules(DeviceSessions shared, DeviceSession session) {
    this.shared = shared;
    this.session = session;
  }

  private record Waiting(TelemetryMessage message, Map<String, String> units, long seq) {}

  /** Whether messages have to wait. */
  boolean isPending() {
    return pending > 0;
  }

  /** Passes a message on to be stored, or refuses it, now or when the rules are known. */
  void check(TelemetryMessage message, Map<String, String> units, long seq) {
    if (pending == 0 && isCurrent()) {
      session.store(message, units, rules, seq);
      return;
    }
    waiting.add(new Waiting(message, units, seq));
    if (pending == 0) {
      proceed();
    }
  }

  private boolean isCurrent() {
    return isKnown && stamp == shared.strict.stamp(session.device());
  }

  /** Holds the session's messages until something is done that may change the rules. */
  void await(Future<?> change) {
    hold(change, done -> {});
  }

  private <T> void hold(Future<T> until, Handler<AsyncResult<T>> then) {
    pending++;
    session.awaitRules();
    Contexts.resumeOn(shared.context, until)
        .onComplete(
            done -> {
              then.handle(done);
              pending--;
              try {
                proceed();
              } finally {
                if (pending == 0) {
                  session.rulesFound();
                }
              }
            });
  }

  private void proceed() {
    while (pending == 0 && !isCurrent() && failure == null) {
      int before = shared.strict.stamp(session.device());
      Future<Optional<TelemetryRules>> lookUp = shared.strict.rulesOf(session.device());
      if (lookUp.isComplete()) {
        found(lookUp, before);
      } else {
        hold(lookUp, found -> found(found, before));
      }
    }
    if (pending == 0) {
      drain();
    }
  }

  private void found(AsyncResult<Optional<TelemetryRules>> lookUp, int before) {
    isKnown = lookUp.succeeded();
    stamp = before;
    rules = isKnown ? lookUp.result().orElse(null) : null;
    failure = isKnown ? null : session.refusal(lookUp.cause());
  }

  private void drain() {
    Refusal failed = failure;
    failure = null;
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      if (failed == null) {
        session.store(next.message(), next.units(), rules, next.seq());
      } else {
        session.refused(next.seq(), failed);
      }
    }
  }
}
