package io.signalbox.hub.ops;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the hub can take work. It is alive as long as it answers; it is ready when it has
 * started, is not draining, and every part that it checks says so.
 *
 * <p>Threading: any thread.
 */
public final class Health {
  private enum Phase {
    STARTING,
    OPEN,
    DRAINING
  }

  private final Map<String, Supplier<@Nullable String>> checks = new ConcurrentSkipListMap<>();
  private volatile Phase phase = Phase.STARTING;

  /**
   * Makes readiness depend on a part.
   *
   * @param fault what is wrong with the part, as a sentence; null if nothing. Must not block.
   */
  public void addCheck(String part, Supplier<@Nullable String> fault) {
    checks.put(part, fault);
  }

  /** Marks the hub as started. */
  public void started() {
    phase = Phase.OPEN;
  }

  /** Marks the hub as draining: it accepts no new work. */
  public void draining() {
    phase = Phase.DRAINING;
  }

  /** Whether the hub is draining. */
  public boolean isDraining() {
    return phase == Phase.DRAINING;
  }

  /** The reason why the hub is not ready, in a sentence; null if it is ready. */
  public @Nullable String notReadyReason() {
    return switch (phase) {
      case STARTING -> "the hub is starting";
      case DRAINING -> "the hub is draining";
      case OPEN -> firstFault();
    };
  }

  private @Nullable String firstFault() {
    for (Supplier<@Nullable String> check : checks.values()) {
      String fault = check.get();
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }
}
