package io.signalbox.hub.gateway.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All devices of the node that come by HTTP, those that are asleep too. Each has its home on the
 * event loop that it first came to.
 *
 * <p>Threading: any thread.
 */
public final class HttpDeviceRegistry {
  private final HttpGatewayContext context;
  private final Map<String, HttpDevice> devices = new ConcurrentHashMap<>();

  /** Nobody has come yet. */
  public HttpDeviceRegistry(HttpGatewayContext context) {
    this.context = context;
  }

  /** What all of them share. */
  HttpGatewayContext context() {
    return context;
  }

  /** The visitor of that device, to be touched on its home alone; null if it has not come. */
  @Nullable HttpDevice find(String device) {
    return devices.get(device);
  }

  /** How many there are. */
  public int size() {
    return devices.size();
  }

  /** Brings a caller home, from the loop of its connection. Refuses {@code UNAVAILABLE}. */
  <T> Future<T> handle(
      DeviceIdentity caller, DeviceLoop here, Function<HttpDevice, Future<T>> task) {
    HttpDevice device = devices.get(caller.id());
    HttpDevice its = device == null ? admit(caller, here) : device;
    DeviceLoop loop = its.loop();
    // Who has gone meanwhile is found so on its own loop: from there it is received anew.
    return loop.run(
        here, () -> its.isGone() ? handle(caller, loop, task) : its.handle(caller, task));
  }

  private HttpDevice admit(DeviceIdentity caller, DeviceLoop here) {
    if (devices.size() >= context.admission().settings().maxPollers()) {
      throw new Refusal(ErrorCode.UNAVAILABLE, "the hub knows as many devices that poll as it may");
    }
    return devices.computeIfAbsent(caller.id(), id -> new HttpDevice(this, caller.device(), here));
  }

  /** A visitor that has no session and owes nothing need not be known. */
  void forget(HttpDevice gone) {
    devices.remove(gone.id(), gone);
  }
}
