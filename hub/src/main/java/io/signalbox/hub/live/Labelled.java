package io.signalbox.hub.live;

import io.signalbox.hub.bus.Hop;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that have all of some labels, looked up page by page, and again after the registry
 * has changed: a device that gets the labels is followed from a moment later.
 *
 * <p>Threading: the event loop of the context only.
 */
final class Labelled {
  private static final Logger LOG = LoggerFactory.getLogger(Labelled.class);
  private static final int PAGE = 1000;

  private final Registry registry;
  private final Context context;
  private final Map<String, String> labels;
  private final Set<String> among;
  private final Set<String> devices = new HashSet<>();
  private long version = -1;
  private boolean looking;

  /** Devices with these labels; among some only, unless that is empty. */
  Labelled(Registry registry, Context context, Map<String, String> labels, Set<String> among) {
    this.registry = registry;
    this.context = context;
    this.labels = labels;
    this.among = among;
  }

  /** The devices as they are known now: the same set for ever, with other contents. */
  Set<String> devices() {
    return devices;
  }

  /** Looks again if the registry has changed since the last look. */
  void lookAgain(long registryVersion) {
    if (!looking && version != registryVersion) {
      look(registryVersion).onFailure(cause -> LOG.warn("devices were not looked up", cause));
    }
  }

  /** Looks at the registry as it is. */
  Future<?> look(long registryVersion) {
    looking = true;
    version = registryVersion;
    Set<String> found = new HashSet<>();
    return Hop.to(context, page(null, found))
        .onSuccess(done -> replace(found))
        .onComplete(done -> looking = false);
  }

  private void replace(Set<String> found) {
    devices.retainAll(found);
    devices.addAll(found);
  }

  private Future<Void> page(@Nullable String cursor, Set<String> found) {
    DeviceQuery query =
        new DeviceQuery(null, null, labels, null, DeviceQuery.Sort.ID, false, cursor, PAGE);
    return registry.list(query).compose(page -> take(page, found));
  }

  private Future<Void> take(Page<Device> page, Set<String> found) {
    page.items().stream()
        .map(Device::id)
        .filter(id -> among.isEmpty() || among.contains(id))
        .forEach(found::add);
    return page.next() == null ? Future.succeededFuture() : page(page.next(), found);
  }
}
