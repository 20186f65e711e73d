package io.signalbox.hub.gateway.http;

import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.model.Twin;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tracks which desired state a device already has. If nothing has changed, the twin is not read.
 *
 * <p>Threading: the device's event loop.
 */
final class DesiredStateTracker {
  private static final long UNKNOWN = -1;

  private final TwinService twins;
  private final DeviceLoop loop;
  private final String device;
  private long newest = UNKNOWN;
  private long sent;

  DesiredStateTracker(TwinService twins, DeviceLoop loop, String device) {
    this.twins = twins;
    this.loop = loop;
    this.device = device;
  }

  /** The twin has changed. */
  void changed(Twin twin) {
    newest = Math.max(newest, twin.desired().version());
  }

  /** The last response with a desired state did not reach the device. */
  void pending() {
    sent = 0;
  }

  /** Forgets everything, because the session has ended. */
  void forget() {
    sent = 0;
    newest = UNKNOWN;
  }

  /**
   * The twin, if its desired state is newer than the device's.
   *
   * @param known version that the device states; null if it states none
   */
  Future<Optional<Twin>> since(@Nullable Long known) {
    long has = known == null ? sent : known;
    if (newest == has) {
      return Future.succeededFuture(Optional.empty());
    }
    return loop.onLoop(twins.get(device)).map(twin -> tell(twin, has));
  }

  private Optional<Twin> tell(Twin twin, long has) {
    changed(twin);
    sent = twin.desired().version();
    return sent == has ? Optional.empty() : Optional.of(twin);
  }
}
