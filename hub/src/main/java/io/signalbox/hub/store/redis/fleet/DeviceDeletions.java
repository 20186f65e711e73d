package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Event.DeviceChanged;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.JobParts;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deletions of devices and their records. The sorted set {@code deletions} of a partition has the
 * deleted devices; the score is twice the time of the deletion in microseconds, plus 1 if it is
 * settled. The number of a record is the time and the partition.
 *
 * <p>Threading: any thread.
 */
final class DeviceDeletions {
  private static final RedisScript DELETE =
      RedisScript.of(
          DeviceDeletions.class, "delete-device.lua", "execution", "fleet/clock", "fleet/title");
  private static final RedisScript SETTLE =
      RedisScript.of(DeviceDeletions.class, "settle-deletion.lua");
  private static final RedisScript OLDEST = RedisScript.of(DeviceDeletions.class, "deletions.lua");

  /** What a device owns beside what the script names: one key each. */
  private static final List<String> OWNED =
      List.of(
          "twin",
          "desired-log",
          "reported-log",
          "units",
          "recorder",
          "commands",
          "idempotency",
          "idempotency-times");

  private final RedisLink link;
  private final RedisKeys keys;
  private final EventStreams streams;
  private final JobParts parts;

  DeviceDeletions(RedisLink link, RedisKeys keys, EventStreams streams) {
    this.link = link;
    this.keys = keys;
    this.streams = streams;
    this.parts = new JobParts(keys);
  }

  /** Deletes a device; returns its key as in field {@code k}. {@code UNKNOWN_DEVICE}. */
  Future<String> delete(String id) {
    return parts
        .waitingOf(link, id)
        .compose(waiting -> run(id, waiting))
        .compose(
            answer ->
                switch (answer.get(0).toString()) {
                  case "unknown" -> Future.failedFuture(FleetRefusals.unknown(id));
                  case "changed" -> delete(id);
                  default -> Future.succeededFuture(answer.get(1).toString());
                });
  }

  private Future<Response> run(String id, JobParts.Waiting waiting) {
    int partition = keys.partitionOf(id);
    List<String> names =
        new ArrayList<>(
            List.of(
                keys.of(id, "device"),
                keys.in(partition, "devices"),
                keys.in(partition, "names"),
                keys.in(partition, "created"),
                keys.in(partition, "deletions"),
                keys.in(partition, "revisions"),
                keys.of(id, "session"),
                keys.in(partition, "present")));
    names.addAll(
        List.of(
            keys.of(id, "description"),
            keys.in(partition, "described"),
            streams.in(partition),
            parts.waiting(partition)));
    OWNED.forEach(kind -> names.add(keys.of(id, kind)));
    names.addAll(waiting.keys());
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                OWNED.size(),
                id,
                streams.maxEntries(),
                streams.node(),
                streams.encode(List.of(new DeviceChanged(id, Change.DELETED, Map.of()))),
                waiting.insertions()));
    arguments.addAll(waiting.jobs());
    return link.run(DELETE, names, arguments.toArray());
  }

  private String deletionsOf(String device) {
    return keys.in(keys.partitionOf(device), "deletions");
  }

  Future<Optional<DeletionRecord>> find(String device) {
    return link.send(Request.cmd(Command.ZSCORE).arg(deletionsOf(device)).arg(device))
        .map(
            score ->
                Optional.ofNullable(score)
                    .map(found -> record(device, found.toDouble().longValue())));
  }

  private DeletionRecord record(String device, long score) {
    long number = (score >> 1) * RedisKeys.MAX_PARTITIONS + keys.partitionOf(device);
    return new DeletionRecord(number, device, (score & 1) == 1);
  }

  /** The records after that number in all partitions, oldest first. */
  Future<List<DeletionRecord>> after(long number, int limit) {
    List<Future<Response>> found =
        keys.all().mapToObj(partition -> oldest(partition, number, limit)).toList();
    return Future.join(found)
        .map(
            all ->
                all.<Response>list().stream()
                    .flatMap(this::records)
                    .sorted(Comparator.comparingLong(DeletionRecord::number))
                    .limit(limit)
                    .toList());
  }

  private Future<Response> oldest(int partition, long number, int limit) {
    long time = Math.floorDiv(number - partition, RedisKeys.MAX_PARTITIONS) + 1;
    return link.run(OLDEST, List.of(keys.in(partition, "deletions")), 2 * time, limit);
  }

  private Stream<DeletionRecord> records(Response found) {
    Stream.Builder<DeletionRecord> records = Stream.builder();
    for (int i = 0; i < found.size(); i += 2) {
      records.add(record(found.get(i).toString(), found.get(i + 1).toLong()));
    }
    return records.build();
  }

  Future<Void> settle(String device) {
    return link.run(SETTLE, List.of(deletionsOf(device)), device).mapEmpty();
  }

  Future<Void> end(String device) {
    return link.send(Request.cmd(Command.ZREM).arg(deletionsOf(device)).arg(device)).mapEmpty();
  }
}
