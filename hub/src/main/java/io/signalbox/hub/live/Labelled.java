package io.signalbox.hub.live;

import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Looks up, page by page, which devices have all of some labels. */
final class Labelled {
  private static final int PAGE = 1000;

  private final Registry registry;
  private final Map<String, String> labels;
  private final Set<String> among;
  private final Set<String> found = new HashSet<>();

  Labelled(Registry registry, Map<String, String> labels, Set<String> among) {
    this.registry = registry;
    this.labels = labels;
    this.among = among;
  }

  Future<Set<String>> find() {
    return page(query());
  }

  private DeviceQuery query() {
    return new DeviceQuery(null, null, labels, null, DeviceQuery.Sort.ID, false, null, PAGE);
  }

  private Future<Set<String>> page(DeviceQuery query) {
    return registry.list(query).compose(this::take);
  }

  private Future<Set<String>> take(Page<Device> page) {
    page.items().stream()
        .map(Device::id)
        .filter(id -> among.isEmpty() || among.contains(id))
        .forEach(found::add);
    if (page.next() == null) {
      return Future.succeededFuture(found);
    }
    return page(
        new DeviceQuery(null, null, labels, null, DeviceQuery.Sort.ID, false, page.next(), PAGE));
  }
}
