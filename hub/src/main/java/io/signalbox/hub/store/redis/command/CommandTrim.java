package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Deletion of commands that have ended, with all that refers to them: the oldest of all partitions,
 * one script for those of a partition.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class CommandTrim {
  private static final RedisScript TRIM = RedisScript.of(CommandTrim.class, "trim.lua");

  private final RedisLink link;
  private final CommandKeys keys;

  CommandTrim(RedisLink link, CommandKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /** A command that has ended. */
  private record Ended(int partition, String id, double at) {}

  Future<Integer> run(long endedBefore, int limit) {
    List<Request> reads =
        keys.keys()
            .all()
            .mapToObj(partition -> ended(keys.ended(partition), endedBefore, limit))
            .toList();
    return link.sendAll(reads)
        .compose(
            found -> {
              List<Ended> oldest = oldest(found, limit);
              List<Future<Integer>> deleted =
                  keys.keys()
                      .all()
                      .mapToObj(
                          partition ->
                              delete(
                                  partition,
                                  oldest.stream()
                                      .filter(ended -> ended.partition() == partition)
                                      .map(Ended::id)
                                      .toList()))
                      .toList();
              return Future.join(deleted)
                  .map(all -> all.<Integer>list().stream().mapToInt(Integer::intValue).sum());
            });
  }

  private static Request ended(String index, long before, int limit) {
    return Request.cmd(Command.ZRANGE)
        .arg(index)
        .arg("-inf")
        .arg("(" + before)
        .arg("BYSCORE")
        .arg("LIMIT")
        .arg(0)
        .arg(limit)
        .arg("WITHSCORES");
  }

  private static List<Ended> oldest(List<Response> partitions, int limit) {
    return IntStream.range(0, partitions.size())
        .boxed()
        .flatMap(partition -> ended(partition, partitions.get(partition)))
        .sorted(Comparator.comparingDouble(Ended::at))
        .limit(limit)
        .toList();
  }

  private static Stream<Ended> ended(int partition, Response found) {
    return found.stream()
        .map(pair -> new Ended(partition, pair.get(0).toString(), pair.get(1).toDouble()));
  }

  private Future<Integer> delete(int partition, List<String> ids) {
    if (ids.isEmpty()) {
      return Future.succeededFuture(0);
    }
    Request texts = Request.cmd(Command.MGET);
    ids.forEach(id -> texts.arg(keys.command(partition, id)));
    return link.send(texts).compose(read -> delete(partition, ids, read));
  }

  private Future<Integer> delete(int partition, List<String> ids, Response texts) {
    List<String> named = new ArrayList<>();
    List<Object> args = new ArrayList<>();
    named.add(keys.ended(partition));
    for (int i = 0; i < ids.size(); i++) {
      // Another node may have deleted it since.
      if (texts.get(i) != null) {
        add(named, args, partition, CommandText.read(ids.get(i), texts.get(i).toString()));
      }
    }
    return link.run(TRIM, named, args.toArray()).map(Response::toInteger);
  }

  private void add(List<String> named, List<Object> args, int partition, CommandText text) {
    String id = text.command().id();
    String device = text.command().device();
    String job = text.command().job() == null ? "" : text.command().job();
    named.add(keys.command(partition, id));
    named.add(keys.in(partition, text.command().state()));
    named.add(keys.list(device));
    named.add(keys.idempotency(device));
    named.add(keys.idempotencyTimes(device));
    named.add(keys.jobCommands(partition, job));
    named.add(keys.jobDevices(partition, job));
    args.add(id);
    args.add(device);
    args.add(text.token());
  }
}
