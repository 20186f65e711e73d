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
 * The devices' twins: what operators want of a device and what it says of itself, each changed by
 * merge patches. A patch that changes nothing makes no new version and no event.
 *
 * <p>Threading: any thread.
 */
public final class TwinService {
  private final TwinStore store;
  private final Topic<Event.TwinChanged> changes;
  private final WallClock clock;

  /**
   * Twins over that store.
   *
   * @param clock Unix milliseconds
   */
  public TwinService(TwinStore store, Topic<Event.TwinChanged> changes, WallClock clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
  }

  /** {@code UNKNOWN_DEVICE}. */
  public Future<Twin> get(String device) {
    return store.find(device);
  }

  /**
   * Changes what is wanted of a device. {@code MALFORMED} and {@code INVALID} if the patch is no
   * JSON object or too deep, {@code TOO_LARGE}, {@code PRECONDITION_FAILED}, {@code
   * UNKNOWN_DEVICE}.
   *
   * @param mergePatchJson RFC 7396
   * @param precondition on the version of {@code desired}
   * @param by who wants it
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

  /** Changes what a device says of itself. Refuses as {@link #patchDesired} does. */
  public Future<Twin> patchReported(String device, String mergePatchJson) {
    return patchReported(device, mergePatchJson, Precondition.NONE);
  }

  /** The same under a precondition on the version of {@code reported}. */
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
   * Who has changed what, newest first. {@code UNKNOWN_DEVICE}, {@code INVALID} for a cursor that
   * is not of such a list.
   *
   * @param side null for both
   */
  public Future<Page<TwinChange>> history(
      String device, TwinChange.@Nullable Side side, @Nullable String cursor, int limit) {
    return store.history(device, side, cursor, limit);
  }

  private Future<Twin> revise(String device, TwinStore.Change change, String by) {
    return store
        .revise(device, change, by, clock.wallMillis())
        .onSuccess(revision -> announce(device, revision))
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
