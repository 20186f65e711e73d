package io.signalbox.hub.job;

import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.job.JobRequest.Targets;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resolver of a job's targets, once: the devices that match when they are read, sorted by id.
 *
 * <p>Threading: any thread; futures complete on store threads.
 */
final class TargetResolver {
  /** Large, because the registry counts the matches for each page. */
  private static final int PAGE = 10_000;

  private final DeviceRegistry registry;

  TargetResolver(DeviceRegistry registry) {
    this.registry = registry;
  }

  /** The device ids, at least one; {@code INVALID} for none, {@code TOO_LARGE} for too many. */
  Future<List<String>> of(Targets targets) {
    return switch (targets) {
      case Targets.Devices listed -> Future.succeededFuture(listed.devices());
      case Targets.Selected selected ->
          page(selected.selector(), null, new ArrayList<>())
              .map(all -> some(all, selected.selector()));
    };
  }

  private Future<List<String>> page(Selector selector, @Nullable String cursor, List<String> all) {
    DeviceQuery query =
        new DeviceQuery(
            null,
            selector.type(),
            selector.labels(),
            null,
            DeviceQuery.Sort.ID,
            false,
            cursor,
            PAGE);
    return registry.list(query).compose(page -> add(selector, page, all));
  }

  private Future<List<String>> add(Selector selector, Page<Device> page, List<String> all) {
    page.items().forEach(device -> all.add(device.id()));
    if (page.total() > JobRequest.MOST_DEVICES) {
      throw JobRequest.tooMany(field(selector), page.total());
    }
    return page.next() == null ? Future.succeededFuture(all) : page(selector, page.next(), all);
  }

  private static List<String> some(List<String> all, Selector selector) {
    if (all.isEmpty()) {
      String field = field(selector);
      throw new Refusal(
          ErrorCode.INVALID, field, field + " matches no device; expected at least one");
    }
    return all;
  }

  private static String field(Selector selector) {
    return selector.labels().isEmpty() ? "type" : "labels";
  }
}
