package io.signalbox.hub.ops;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the hub can take work. It is alive as long as it answers; it is ready when it has
 * started, is not draining, and every part that it needs says so.
 *
 * <p>Threading: any thread.
 */
public final class Health {
  private enum Phase {
    STARTING,
    OPEN,
    DRAINING
  }

  private final Map<String, Supplier<@Nullable String>> needs = new ConcurrentSkipListMap<>();
  private volatile Phase phase = Phase.STARTING;

  /** Makes readiness depend on a part; the check must not block. */
  public void addCheck(String part, BooleanSupplier works) {
    addCheck(part, () -> works.getAsBoolean() ? null : "the " + part + " does not work");
  }

  /** The same of a part that says itself, in a sentence, what is wrong with it; null if nothing. */
  public void addCheck(String part, Supplier<@Nullable String> trouble) {
    needs.put(part, trouble);
  }

  /** The listeners are open. */
  public void started() {
    phase = Phase.OPEN;
  }

  /** The hub is about to stop: no new work, please. */
  public void draining() {
    phase = Phase.DRAINING;
  }

  /** Whether the hub is about to stop. */
  public boolean isDraining() {
    return phase == Phase.DRAINING;
  }

  /** Why the hub is not ready, in a sentence; null when it is. */
  public @Nullable String notReadyReason() {
    return switch (phase) {
      case STARTING -> "the hub is starting";
      case DRAINING -> "the hub is draining";
      case OPEN -> brokenPart();
    };
  }

  private @Nullable String brokenPart() {
    for (Supplier<@Nullable String> need : needs.values()) {
      String trouble = need.get();
      if (trouble != null) {
        return trouble;
      }
    }
    return null;
  }
}
