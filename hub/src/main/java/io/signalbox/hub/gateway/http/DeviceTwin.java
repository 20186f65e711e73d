package io.signalbox.hub.gateway.http;

import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Twin;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The twin of an HTTP device, and which desired state the device already has: while nothing has
 * changed, an exchange does not read the twin.
 *
 * <p>Threading: the device's event loop.
 */
final class DeviceTwin {
  private static final long UNKNOWN = -1;

  private final TwinService twins;
  private final DeviceLoop loop;
  private final String device;
  private long newest = UNKNOWN;
  private long sent;

  DeviceTwin(TwinService twins, DeviceLoop loop, String device) {
    this.twins = twins;
    this.loop = loop;
    this.device = device;
  }

  /** Reads the twin. */
  Future<Twin> get() {
    return loop.onLoop(twins.get(device));
  }

  /** Applies a merge patch to the reported state. */
  Future<Twin> patchReported(String patch, Precondition precondition) {
    return loop.onLoop(twins.patchReported(device, patch, precondition));
  }

  /** The desired state has changed. */
  void changed(Twin twin) {
    newest = Math.max(newest, twin.desired().version());
  }

  /** The last response with a desired state did not reach the device. */
  void undelivered() {
    sent = 0;
  }

  /** Forgets what the device has, because its session has ended. */
  void forget() {
    sent = 0;
    newest = UNKNOWN;
  }

  /**
   * The twin, if its desired state is newer than the device's.
   *
   * @param known version that the device states; null if it states none
   */
  Future<Optional<Twin>> desiredSince(@Nullable Long known) {
    long has = known == null ? sent : known;
    return newest == has
        ? Future.succeededFuture(Optional.empty())
        : get().map(twin -> send(twin, has));
  }

  private Optional<Twin> send(Twin twin, long has) {
    changed(twin);
    sent = twin.desired().version();
    return sent == has ? Optional.empty() : Optional.of(twin);
  }
}
