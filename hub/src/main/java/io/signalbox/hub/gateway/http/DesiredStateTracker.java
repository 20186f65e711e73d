package io.signalbox.hub.gateway.http;

import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.model.Twin;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is desired of a device, as far as it has not been told. Where nothing has changed the twin
 * need not be read.
 *
 * <p>Threading: the device's home.
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

  /** What the device was told last has not reached it. */
  void pending() {
    sent = 0;
  }

  /** The session is over, and with it what was told in it. */
  void forget() {
    sent = 0;
    newest = UNKNOWN;
  }

  /**
   * The twin, if more is desired than the device knows.
   *
   * @param known the version that it says it has; null if it says nothing
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
