package io.signalbox.hub.gateway.http;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.polling.PollIntervalPlanner;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Registry of the devices that use HTTP on this node, sleeping ones included, and what they share.
 * Each device is owned by the event loop of its first request.
 *
 * <p>Threading: any thread.
 */
public final class HttpDeviceRegistry {
  private final DeviceAdmission admission;
  private final PollIntervalPlanner plan;
  private final HttpGatewayMetrics metrics;
  private final HubClock clock;
  private final boolean kernelTells;
  private final Map<String, HttpDevice> devices = new ConcurrentHashMap<>();

  /**
   * An empty registry.
   *
   * @param plan plans the next poll of each
   * @param metrics counts their requests
   * @param clock Unix milliseconds
   * @param kernelTells whether the kernel ends a connection whose peer does not acknowledge what
   *     was written to it
   */
  public HttpDeviceRegistry(
      DeviceAdmission admission,
      PollIntervalPlanner plan,
      HttpGatewayMetrics metrics,
      HubClock clock,
      boolean kernelTells) {
    this.admission = admission;
    this.plan = plan;
    this.metrics = metrics;
    this.clock = clock;
    this.kernelTells = kernelTells;
  }

  DeviceAdmission admission() {
    return admission;
  }

  PollIntervalPlanner plan() {
    return plan;
  }

  HttpGatewayMetrics metrics() {
    return metrics;
  }

  HubClock clock() {
    return clock;
  }

  long now() {
    return clock.stampMillis();
  }

  boolean kernelTells() {
    return kernelTells;
  }

  /** The device of that id, to be touched on its own loop only; null if there is none. */
  @Nullable HttpDevice find(String device) {
    return devices.get(device);
  }

  /** Number of devices. */
  public int size() {
    return devices.size();
  }

  /** Runs a request on the device's event loop. Fails with {@code UNAVAILABLE} at the limit. */
  <T> Future<T> handle(
      DeviceIdentity caller, DeviceLoop here, Function<HttpDevice, Future<T>> task) {
    HttpDevice device = devices.get(caller.id());
    HttpDevice its = device == null ? admit(caller, here) : device;
    DeviceLoop loop = its.loop();
    // A device evicted meanwhile is detected on its old loop, and admitted again from there.
    return loop.run(
        here, () -> its.isGone() ? handle(caller, loop, task) : its.handle(caller, task));
  }

  private HttpDevice admit(DeviceIdentity caller, DeviceLoop here) {
    if (devices.size() >= admission.settings().maxPollers()) {
      throw new Refusal(
          ErrorCode.UNAVAILABLE, "the limit of polling devices is reached (gateway.maxPollers)");
    }
    return devices.computeIfAbsent(caller.id(), id -> new HttpDevice(this, caller.device(), here));
  }

  /** Removes a device; without a session it needs no state. */
  void forget(HttpDevice gone) {
    devices.remove(gone.id(), gone);
  }
}
