package io.signalbox.hub.store.redis.recorder;

import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderStore;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Redis implementation of {@link RecorderStore}: a list of entries per device, the newest first.
 * One script per partition appends and merges. The deletion of a device deletes its list.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
public final class RedisRecorderStore implements RecorderStore {
  private static final RedisScript APPEND = RedisScript.of(RedisRecorderStore.class, "append.lua");

  private final RedisLink link;
  private final RedisKeys keys;
  private final int keep;

  /**
   * The store of the system with these keys in Redis.
   *
   * @param keep maximum number of entries per device
   */
  public RedisRecorderStore(RedisLink link, RedisKeys keys, int keep) {
    this.link = link;
    this.keys = keys;
    this.keep = keep;
  }

  @Override
  public Future<Void> append(List<RecorderEntry> entries) {
    Collection<List<RecorderEntry>> byPartition =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    entry -> keys.partitionOf(entry.device()), Collectors.toList()))
            .values();
    return Future.join(byPartition.stream().map(this::appendInPartition).toList()).mapEmpty();
  }

  private Future<Response> appendInPartition(List<RecorderEntry> entries) {
    Map<String, Integer> devices = new LinkedHashMap<>();
    List<Object> args = new ArrayList<>(List.of(keep, AMONG));
    for (RecorderEntry entry : entries) {
      devices.putIfAbsent(entry.device(), devices.size() + 1);
      args.add(devices.get(entry.device()));
      args.add(entry.kind().againMillis());
      args.add(RecorderEntryText.head(entry));
      args.add(entry.ts());
      args.add(entry.last());
      args.add(entry.times());
      args.add(RecorderEntryText.tail(entry));
    }
    List<String> pairs = new ArrayList<>();
    for (String device : devices.keySet()) {
      pairs.add(keys.of(device, "device"));
      pairs.add(list(device));
    }
    return link.run(APPEND, pairs, args.toArray());
  }

  @Override
  public Future<List<RecorderEntry>> notes(String device) {
    return link.send(Request.cmd(Command.LRANGE).arg(list(device)).arg(0).arg(-1))
        .map(texts -> entries(device, texts));
  }

  /** Of entries with one time the newer one is first, as in the list. */
  private static List<RecorderEntry> entries(String device, Response texts) {
    return texts.stream()
        .flatMap(text -> RecorderEntryText.read(device, text.toString()).stream())
        .sorted(Comparator.comparingLong(RecorderEntry::last).reversed())
        .toList();
  }

  private String list(String device) {
    return keys.of(device, "recorder");
  }
}
