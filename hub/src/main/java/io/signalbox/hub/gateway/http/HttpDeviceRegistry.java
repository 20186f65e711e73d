package io.signalbox.hub.gateway.http;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.MetricUnits;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.StrictDevices;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.GatewayEventLog;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.gateway.RateLimiter;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.polling.PollIntervalPlanner;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Registry of the devices that use HTTP on this node, sleeping ones included. Each device is owned
 * by the event loop of its first request.
 *
 * <p>Threading: any thread.
 */
public final class HttpDeviceRegistry {
  /**
   * What a device is made with. Each part of an {@link HttpDevice} gets the services that it uses.
   *
   * @param planner plans the next poll of each device
   * @param metrics counts the requests of all devices
   */
  public record Services(
      DeviceAdmission admission,
      SessionRegistry sessions,
      CommandService commands,
      TwinService twins,
      DeviceDescriptions descriptions,
      MetricUnits units,
      StrictDevices strict,
      GatewayEventLog eventLog,
      PollIntervalPlanner planner,
      HttpGatewayMetrics metrics,
      HubClock clock,
      GatewaySettings settings) {}

  private final Services services;
  private final RateLimiter rateLimiter;
  private final boolean kernelDetectsLostPeers;
  private final Map<String, HttpDevice> devices = new ConcurrentHashMap<>();

  /**
   * An empty registry.
   *
   * @param kernelDetectsLostPeers whether the kernel ends a connection whose peer does not
   *     acknowledge what was written to it
   */
  public HttpDeviceRegistry(Services services, boolean kernelDetectsLostPeers) {
    this.services = services;
    this.rateLimiter = services.settings().rateLimiter();
    this.kernelDetectsLostPeers = kernelDetectsLostPeers;
  }

  RateLimiter rateLimiter() {
    return rateLimiter;
  }

  boolean kernelDetectsLostPeers() {
    return kernelDetectsLostPeers;
  }

  /** What devices say of themselves. */
  DeviceDescriptions descriptions() {
    return services.descriptions();
  }

  /** The units that readings name. */
  MetricUnits units() {
    return services.units();
  }

  /** The rules for readings of devices whose type is strict. */
  StrictDevices strict() {
    return services.strict();
  }

  /** Arrival time of a request, Unix milliseconds. */
  long now() {
    return services.clock().stampMillis();
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
    if (devices.size() >= services.settings().maxPollers()) {
      throw new Refusal(
          ErrorCode.UNAVAILABLE, "the limit of polling devices is reached (gateway.maxPollers)");
    }
    return devices.computeIfAbsent(
        caller.id(), id -> new HttpDevice(this, services, caller.device(), here));
  }

  /** Counts and records a refused request. */
  void noteRefused(DeviceIdentity caller, Refusal refusal) {
    services.metrics().refuses();
    services.eventLog().requestRefused(caller.id(), caller.address(), refusal);
  }

  /** Records refused parts of a request that continued. */
  void noteRefused(Session session, List<Refusal> refused) {
    refused.forEach(refusal -> services.eventLog().messageRefused(session, refusal));
  }

  /** Removes a device; without a session it needs no state. */
  void forget(HttpDevice gone) {
    devices.remove(gone.id(), gone);
  }
}
