package io.signalbox.hub.fleet;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Service of device twins: the state that operators want and the state that the device reports,
 * each changed by merge patches. A patch without effect creates no version and no event.
 *
 * <p>Threading: any thread.
 */
public final class TwinService {
  private final TwinStore store;
  private final Topic<Event.TwinChanged> changes;
  private final WallClock clock;

  /**
   * Twins on this store.
   *
   * @param clock Unix milliseconds
   */
  public TwinService(TwinStore store, Topic<Event.TwinChanged> changes, WallClock clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
  }

  /** The twin of a device. {@code UNKNOWN_DEVICE}. */
  public Future<Twin> get(String device) {
    return store.find(device);
  }

  /**
   * Patches the desired state. {@code MALFORMED} or {@code INVALID} if the patch is not a JSON
   * object or nested too deeply, {@code TOO_LARGE}, {@code PRECONDITION_FAILED}, {@code
   * UNKNOWN_DEVICE}.
   *
   * @param mergePatchJson RFC 7396
   * @param precondition on the version of {@code desired}
   * @param by name of the principal
   */
  public Future<Twin> patchDesired(
      String device, String mergePatchJson, Precondition precondition, String by) {
    try {
      TwinPatch patch = TwinPatch.of("desired", mergePatchJson);
      return revise(device, twin -> desired(twin, patch, precondition), by);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  /** Patches the reported state. Errors as for {@link #patchDesired}. */
  public Future<Twin> patchReported(String device, String mergePatchJson) {
    return patchReported(device, mergePatchJson, Precondition.NONE);
  }

  /** Patches the reported state under a precondition on the version of {@code reported}. */
  public Future<Twin> patchReported(
      String device, String mergePatchJson, Precondition precondition) {
    try {
      TwinPatch patch = TwinPatch.of("reported", mergePatchJson);
      return revise(device, twin -> reported(twin, patch, precondition), device);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  /**
   * The history of changes, newest first. {@code UNKNOWN_DEVICE}, {@code INVALID} if the cursor
   * belongs to another list.
   *
   * @param side null for both
   */
  public Future<Page<TwinChange>> history(
      String device, TwinChange.@Nullable Side side, @Nullable String cursor, int limit) {
    return store.history(device, side, cursor, limit);
  }

  private Future<Twin> revise(String device, TwinStore.Change change, String by) {
    return store
        .revise(device, change, by, clock.wallMillis(), revision -> announce(device, revision))
        .map(TwinStore.Revision::after);
  }

  private void announce(String device, TwinStore.Revision revision) {
    if (revision.isChange()) {
      changes.publish(new Event.TwinChanged(device, revision.after()));
    }
  }

  private static Twin desired(Twin twin, TwinPatch patch, Precondition precondition) {
    precondition.check("desired", twin.desired().version(), twin::tag);
    return new Twin(patched(twin.desired(), patch), twin.reported());
  }

  private static Twin reported(Twin twin, TwinPatch patch, Precondition precondition) {
    precondition.check("reported", twin.reported().version(), twin::tag);
    return new Twin(twin.desired(), patched(twin.reported(), patch));
  }

  private static Twin.Side patched(Twin.Side side, TwinPatch patch) {
    String state = patch.appliedTo(side.state());
    return state.equals(side.state()) ? side : new Twin.Side(side.version() + 1, state);
  }
}
