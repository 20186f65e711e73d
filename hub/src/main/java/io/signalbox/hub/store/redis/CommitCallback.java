package io.signalbox.hub.store.redis;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the callbacks of changes; one that throws harms neither its change nor the next. */
public final class CommitCallback {
  private static final Logger LOG = LoggerFactory.getLogger(CommitCallback.class);

  private CommitCallback() {}

  /** Calls the callback and returns the change. */
  public static <T> T call(Consumer<? super T> committed, T change) {
    try {
      committed.accept(change);
    } catch (RuntimeException thrown) {
      LOG.error("Callback of a change failed", thrown);
    }
    return change;
  }
}
