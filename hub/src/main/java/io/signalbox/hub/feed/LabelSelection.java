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
 * The devices that have all of some labels. They are read from the registry once, page by page;
 * from then on the follower applies each registry change when it comes to it in the feed. So no
 * change is missed, whenever it was made: what the pages did not show yet lies behind the place in
 * the feed at which the reading of the registry began. Nor is the registry read again.
 *
 * <p>Threading: the event loop of the context only.
 */
final class LabelSelection {
  private static final int PAGE = 1000;

  private final Map<String, String> labels;
  private final Set<String> among;
  private final long from;
  private final Set<String> devices = new HashSet<>();

  /**
   * Devices with these labels; among some only, unless that is empty. None is known yet.
   *
   * @param from the last event of the feed: changes after it are applied to what is read
   */
  LabelSelection(Map<String, String> labels, Set<String> among, long from) {
    this.labels = labels;
    this.among = among;
    this.from = from;
  }

  /** The devices as they are known now: the same set for ever, with other contents. */
  Set<String> devices() {
    return devices;
  }

  /** Reads the registry; completes on the context. */
  Future<Void> read(DeviceRegistry registry, Context context) {
    return Contexts.resumeOn(context, page(registry, null)).onSuccess(devices::addAll).mapEmpty();
  }

  /** A page is about to be shown: a device that has the labels now is shown its change already. */
  void enter(FeedSegment segment) {
    Event.DeviceChanged change = change(segment);
    if (change != null && isWanted(change)) {
      devices.add(change.device());
    }
  }

  /** A page was shown: a device that does not have the labels any more was shown that still. */
  void leave(FeedSegment segment) {
    Event.DeviceChanged change = change(segment);
    if (change != null && !isWanted(change)) {
      devices.remove(change.device());
    }
  }

  private Event.@Nullable DeviceChanged change(FeedSegment segment) {
    return segment.first() > from ? segment.deviceChange() : null;
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
        : page(registry, page.next()).onSuccess(more -> more.addAll(found));
  }
}
