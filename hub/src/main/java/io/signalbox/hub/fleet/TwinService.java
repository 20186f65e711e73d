package io.signalbox.hub.fleet;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.devicetype.TypeRules;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.vertx.core.Future;
import java.util.Optional;
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
  private volatile @Nullable TypedDevices types;

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

  /** Validates desired states by the types of their devices from now on. */
  public void validateBy(TypedDevices byType) {
    types = byType;
  }

  /** The twin of a device. {@code UNKNOWN_DEVICE}. */
  public Future<Twin> get(String device) {
    return store.find(device);
  }

  /**
   * Patches the desired state. {@code MALFORMED} or {@code INVALID} if the patch is not a JSON
   * object or nested too deeply, {@code TOO_LARGE}, {@code PRECONDITION_FAILED}, {@code
   * UNKNOWN_DEVICE}, {@code INVALID_PARAMS} if the resulting state does not fit the device's type.
   *
   * @param mergePatchJson RFC 7396
   * @param precondition on the version of {@code desired}
   * @param by name of the principal
   */
  public Future<Twin> patchDesired(
      String device, String mergePatchJson, Precondition precondition, String by) {
    try {
      TwinPatch patch = TwinPatch.of("desired", mergePatchJson);
      return rulesOf(device)
          .compose(rules -> revise(device, twin -> desired(twin, patch, precondition, rules), by));
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  private Future<Optional<TypeRules>> rulesOf(String device) {
    TypedDevices known = types;
    return known == null ? Future.succeededFuture(Optional.empty()) : known.rulesOf(device);
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

  private static Twin desired(
      Twin twin, TwinPatch patch, Precondition precondition, Optional<TypeRules> rules) {
    precondition.check("desired", twin.desired().version(), twin::tag);
    Json after = patch.resultFrom(twin.desired().state());
    rules.ifPresent(fitting -> fitting.checkDesired(after));
    return new Twin(patched(twin.desired(), patch, after), twin.reported());
  }

  private static Twin reported(Twin twin, TwinPatch patch, Precondition precondition) {
    precondition.check("reported", twin.reported().version(), twin::tag);
    Json after = patch.resultFrom(twin.reported().state());
    return new Twin(twin.desired(), patched(twin.reported(), patch, after));
  }

  private static Twin.Side patched(Twin.Side side, TwinPatch patch, Json after) {
    String state = patch.compact(after);
    return state.equals(side.state()) ? side : new Twin.Side(side.version() + 1, state);
  }
}
