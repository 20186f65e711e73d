package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.store.fleet.DeviceText;
import io.signalbox.hub.store.fleet.LabelJson;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scan of the indexes for the devices that fulfil the conditions of a query, one part of one
 * partition at a time, so that Redis serves others between two parts.
 *
 * <p>Threading: {@link #run} once, on any thread; then the link's event loop.
 */
final class DeviceScan {
  /** Number of devices that one script looks at, which takes Redis one or two milliseconds. */
  private static final int SCANNED = 500;

  private static final RedisScript SCAN = RedisScript.of(DeviceScan.class, "scan-devices.lua");

  private final RedisLink link;
  private final RedisKeys keys;
  private final DeviceQuery query;
  private final String conditions;
  private final String start;
  private boolean isCounted;
  private final Promise<Matches> done = Promise.promise();
  private final List<byte[]> members = new ArrayList<>();
  private long total;

  /** Number of members that are wanted of the rest of the partition. */
  private int wanted;

  /**
   * A scan that has not begun.
   *
   * @param conditions of {@link #conditions}
   * @param start limit of {@code ZRANGE BYLEX} at which it begins in each partition
   */
  DeviceScan(RedisLink link, RedisKeys keys, DeviceQuery query, String conditions, String start) {
    this.link = link;
    this.keys = keys;
    this.query = query;
    this.conditions = conditions;
    this.start = start;
  }

  /** First members of all partitions, and their number if they were counted. */
  record Matches(List<byte[]> members, long total) {}

  /** The conditions for {@code scan-devices.lua}; empty for none. */
  static String conditions(DeviceQuery query) {
    List<String> words = DeviceText.words(query);
    List<String> labels =
        query.labels().entrySet().stream()
            .map(label -> LabelJson.of(label.getKey(), label.getValue()))
            .toList();
    Map<String, Json> conditions = new LinkedHashMap<>();
    if (query.type() != null) {
      conditions.put("type", new Scalar(Json.quoted(query.type())));
    }
    if (query.presence() != null) {
      conditions.put("state", new Scalar(Json.quoted(SessionHash.lower(query.presence()))));
    }
    if (conditions.isEmpty() && words.isEmpty() && labels.isEmpty()) {
      return "";
    }
    conditions.put("words", Json.of(words));
    conditions.put("labels", Json.of(labels));
    return new JsonObject(conditions).toString();
  }

  /**
   * Finds the first matches of each partition.
   *
   * @param counting whether to count all matches
   */
  Future<Matches> run(boolean counting) {
    isCounted = counting;
    begin(0);
    return done.future();
  }

  private void begin(int partition) {
    if (partition == keys.partitions()) {
      done.complete(new Matches(members, total));
      return;
    }
    wanted = query.limit() + 1;
    read(partition, start);
  }

  private void read(int partition, String from) {
    link.run(
            SCAN,
            List.of(DevicePages.index(keys, query.sort(), partition)),
            keys.in(partition, "device") + ':',
            keys.in(partition, "session") + ':',
            query.sort(),
            conditions,
            query.descending() ? 1 : 0,
            from,
            isCounted ? 1 : 0,
            SCANNED,
            wanted)
        .map(this::add)
        .onComplete(
            last -> {
              if (last.isEmpty()) {
                begin(partition + 1);
              } else {
                read(partition, "(" + last);
              }
            },
            done::fail);
  }

  /** Adds what a part has found; the member after which the scan continues, empty at the end. */
  private String add(Response part) {
    total += part.get(1).toLong();
    wanted -= part.size() - 2;
    for (int i = 2; i < part.size(); i++) {
      members.add(part.get(i).toBytes());
    }
    return part.get(0).toString();
  }
}
