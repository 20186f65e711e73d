package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DeviceListCursor;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceQuery.Sort;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Pages of the device list. Each sort order has an index in each partition, whose members are
 * sorted by their bytes: {@code devices} by id, {@code names} by title and id, {@code created} by
 * time and id. A page merges the first members of all partitions after the last one of the page
 * before.
 *
 * <p>A query with conditions finds the members by a {@link DeviceScan}.
 *
 * <p>Threading: any thread; a page is read on the link's event loop.
 */
final class DevicePages {
  private static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;

  private final RedisLink link;
  private final RedisKeys keys;

  DevicePages(RedisLink link, RedisKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /** {@code INVALID} if the cursor belongs to another list, or the query has too many words. */
  Future<Page<Device>> read(DeviceQuery query) {
    DeviceListCursor after =
        query.cursor() == null ? null : DeviceListCursor.of(query, query.cursor());
    String start = query.descending() ? "+" : "-";
    String from = after == null ? start : "(" + memberAfter(after);
    String conditions = DeviceScan.conditions(query);
    Future<DeviceScan.Matches> matches =
        conditions.isEmpty()
            ? first(query, from, after == null)
            : new DeviceScan(link, keys, query, conditions, from).run(after == null);
    return matches.compose(
        found -> page(query, found, after == null ? found.total() : after.total()));
  }

  private static String memberAfter(DeviceListCursor cursor) {
    return switch (cursor.sort()) {
      case ID -> cursor.id();
      case NAME -> DeviceHash.titled(cursor.value(), cursor.id());
      case CREATED -> DeviceHash.dated(number(cursor.value()), cursor.id());
    };
  }

  private static long number(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException tampered) {
      throw Paging.foreignCursor();
    }
  }

  /** The index for lists in this order. */
  static String index(RedisKeys keys, Sort sort, int partition) {
    return keys.in(
        partition,
        switch (sort) {
          case ID -> "devices";
          case NAME -> "names";
          case CREATED -> "created";
        });
  }

  /** The first members without conditions, which need no scan. */
  private Future<DeviceScan.Matches> first(DeviceQuery query, String from, boolean isCounted) {
    List<Request> requests = new ArrayList<>();
    keys.all().forEach(partition -> requests.add(range(query, from, partition)));
    if (isCounted) {
      keys.inAll("devices").forEach(key -> requests.add(Request.cmd(Command.ZCARD).arg(key)));
    }
    return link.sendAll(requests)
        .map(
            found -> {
              List<byte[]> members = new ArrayList<>();
              found
                  .subList(0, keys.partitions())
                  .forEach(part -> part.forEach(member -> members.add(member.toBytes())));
              long total =
                  found.subList(keys.partitions(), found.size()).stream()
                      .mapToLong(Response::toLong)
                      .sum();
              return new DeviceScan.Matches(members, total);
            });
  }

  private Request range(DeviceQuery query, String from, int partition) {
    Request range = Request.cmd(Command.ZRANGE).arg(index(keys, query.sort(), partition)).arg(from);
    range.arg(query.descending() ? "-" : "+").arg("BYLEX");
    if (query.descending()) {
      range.arg("REV");
    }
    return range.arg("LIMIT").arg(0).arg(query.limit() + 1);
  }

  private Future<Page<Device>> page(DeviceQuery query, DeviceScan.Matches matches, long total) {
    List<String> members =
        matches.members().stream()
            .sorted(query.descending() ? BYTES.reversed() : BYTES)
            .limit(query.limit() + 1L)
            .map(member -> new String(member, StandardCharsets.UTF_8))
            .toList();
    Page<String> page =
        Paging.page(
            members, query.limit(), member -> member, last -> cursor(query, last, total), total);
    List<String> ids = page.items().stream().map(member -> idOf(query.sort(), member)).toList();
    return link.sendAll(ids.stream().map(id -> DeviceHash.read(keys, id)).toList())
        .map(read -> new Page<>(devices(ids, read), page.next(), total));
  }

  /** The devices, without those that were deleted since the index was read. */
  private static List<Device> devices(List<String> ids, List<Response> read) {
    List<Device> devices = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      DeviceHash.parse(ids.get(i), read.get(i)).ifPresent(devices::add);
    }
    return devices;
  }

  private static String idOf(Sort sort, String member) {
    return switch (sort) {
      case ID -> member;
      case NAME -> member.substring(member.lastIndexOf('\0') + 1);
      case CREATED -> member.substring(DeviceHash.DATE_DIGITS);
    };
  }

  private static String cursor(DeviceQuery query, String member, long total) {
    String value =
        switch (query.sort()) {
          case ID -> "";
          case NAME -> member.substring(0, member.lastIndexOf('\0'));
          case CREATED -> member.substring(0, DeviceHash.DATE_DIGITS);
        };
    String id = idOf(query.sort(), member);
    return new DeviceListCursor(query.sort(), query.descending(), value, id, total).cursor();
  }
}
