package io.signalbox.hub.feed;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Page;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Live set of the devices that have all of some labels. The registry is read once, page by page;
 * afterwards each registry change is applied when the reader reaches it in the feed. No change is
 * missed: changes that the pages did not show come after the feed position from before the read.
 *
 * <p>Threading: the event loop of the context only.
 */
final class LabelSelection {
  private static final int PAGE = 1000;

  private final Map<String, String> labels;
  private final Set<String> among;
  private final FeedPosition from;
  private final Set<String> devices = new HashSet<>();

  /**
   * An empty set of devices with these labels, limited to some devices unless that set is empty.
   *
   * @param from last event of the feed: later changes are applied to what is read
   */
  LabelSelection(Map<String, String> labels, Set<String> among, FeedPosition from) {
    this.labels = labels;
    this.among = among;
    this.from = from;
  }

  /** The matching devices: always the same set, whose content changes. */
  Set<String> devices() {
    return devices;
  }

  /** Reads the registry; completes on the context. */
  Future<Void> read(DeviceRegistry registry, Context context) {
    return Contexts.resumeOn(context, page(registry, null)).map(devices::addAll).mapEmpty();
  }

  /**
   * Called before a page is sent: adds a device that has the labels now, so that its change is
   * sent.
   */
  void enter(FeedSegment segment) {
    Event.DeviceChanged change = change(segment);
    if (change != null && isWanted(change)) {
      devices.add(change.device());
    }
  }

  /**
   * Called after a page was sent: removes a device that has lost the labels, whose change was sent.
   */
  void leave(FeedSegment segment) {
    Event.DeviceChanged change = change(segment);
    if (change != null && !isWanted(change)) {
      devices.remove(change.device());
    }
  }

  private Event.@Nullable DeviceChanged change(FeedSegment segment) {
    return segment.last().isAfter(from) ? segment.deviceChange() : null;
  }

  private boolean isWanted(Event.DeviceChanged change) {
    return change.change() != Event.Change.DELETED
        && isAmong(change.device())
        && change.labels().entrySet().containsAll(labels.entrySet());
  }

  private boolean isAmong(String device) {
    return among.isEmpty() || among.contains(device);
  }

  private Future<Set<String>> page(DeviceRegistry registry, @Nullable String cursor) {
    DeviceQuery query =
        new DeviceQuery(null, null, labels, null, DeviceQuery.Sort.ID, false, cursor, PAGE);
    return registry.list(query).compose(page -> take(registry, page));
  }

  private Future<Set<String>> take(DeviceRegistry registry, Page<Device> page) {
    Set<String> found = new HashSet<>();
    page.items().stream().map(Device::id).filter(this::isAmong).forEach(found::add);
    return page.next() == null
        ? Future.succeededFuture(found)
        : page(registry, page.next())
            .map(
                more -> {
                  more.addAll(found);
                  return more;
                });
  }
}
