package io.signalbox.hub.store.redis.fleet;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the callbacks of changes; one that throws harms neither its change nor the next. */
final class CommitCallback {
  private static final Logger LOG = LoggerFactory.getLogger(CommitCallback.class);

  private CommitCallback() {}

  /** Calls the callback and returns the change. */
  static <T> T call(Consumer<? super T> committed, T change) {
    try {
      committed.accept(change);
    } catch (RuntimeException thrown) {
      LOG.error("Callback of a change failed", thrown);
    }
    return change;
  }
}
