package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandStore.ClockStep;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves of all deadlines by steps of the clock. The global hash {@code deadlines} has the last step
 * ({@code number}, {@code from}, {@code to}, {@code made}), the sum of all ({@code sum}) and the
 * number of the last one that is over ({@code done}).
 *
 * <p>First the step is recorded, which cannot be undone. Then each partition copies its devices
 * with unfinished commands to {@code moving} and sets {@code moved} to the number of the step; one
 * script per device moves the deadlines of its queue and takes the device out of {@code moving}. So
 * every device is moved once, and what a crash leaves undone is visible: the next call of {@link
 * #finish}, on any node, continues it. Until then some devices are moved and others are not.
 *
 * <p>All nodes see a step of the clock that they share, and the first one records it. A node knows
 * the sum of the steps that it has followed; if the recorded sum is already what the step of the
 * node makes of that, the step is the recorded one. A store of a new node begins with the recorded
 * sum.
 *
 * <p>Threading: any thread; futures complete on the link's event loop. One move at a time.
 */
final class DeadlineMoves {
  private static final RedisScript STEP = RedisScript.of(DeadlineMoves.class, "step.lua");
  private static final RedisScript BEGIN = RedisScript.of(DeadlineMoves.class, "begin-move.lua");
  private static final RedisScript MOVE =
      RedisScript.of(DeadlineMoves.class, "move.lua", "command");

  /** Devices of a partition that are moved at once. */
  private static final int BATCH = 50;

  private static final int ATTEMPTS = 10;

  private final RedisLink link;
  private final CommandKeys keys;
  private final String deadlines;
  private volatile Future<Long> followed;

  DeadlineMoves(RedisLink link, CommandKeys keys) {
    this.link = link;
    this.keys = keys;
    this.deadlines = keys.keys().global("deadlines");
    this.followed = sum();
  }

  private Future<Long> sum() {
    return link.send(Request.cmd(Command.HGET).arg(deadlines).arg("sum"))
        .map(sum -> sum == null ? 0L : sum.toLong());
  }

  /** The last step, while it is not over. */
  private record Unfinished(String number, long from, long to, long made) {}

  Future<Void> move(ClockStep step) {
    if (followed.failed()) {
      followed = sum();
    }
    return followed
        .compose(
            sum ->
                OptimisticRetry.run(
                    ATTEMPTS,
                    () -> record(sum, step),
                    () -> new Refusal(ErrorCode.UNAVAILABLE, "the clock steps too often")))
        .compose(sum -> finish().onSuccess(over -> followed = Future.succeededFuture(sum)));
  }

  /** Records the step unless it is recorded; returns the sum with it. */
  private Future<Long> record(long sum, ClockStep step) {
    return link.run(
            STEP,
            List.of(deadlines),
            sum,
            step.from(),
            step.to(),
            step.madeUntil(),
            HubClock.STEP_MILLIS)
        .compose(
            result ->
                result.get(0).toString().equals("step")
                    ? Future.succeededFuture(result.get(1).toLong())
                    : finish().compose(over -> Future.failedFuture(new StaleReadException())));
  }

  /** Completes the last step, which a node has begun. */
  Future<Void> finish() {
    Request last = Request.cmd(Command.HMGET).arg(deadlines);
    List.of("number", "done", "from", "to", "made").forEach(last::arg);
    return link.send(last)
        .compose(
            read ->
                read.get(0) == null || String.valueOf(read.get(1)).equals(read.get(0).toString())
                    ? Future.succeededFuture()
                    : finish(
                        new Unfinished(
                            read.get(0).toString(),
                            read.get(2).toLong(),
                            read.get(3).toLong(),
                            read.get(4).toLong())));
  }

  private Future<Void> finish(Unfinished step) {
    List<Future<Void>> partitions =
        keys.keys().all().mapToObj(partition -> finish(step, partition)).toList();
    return Future.join(partitions)
        .compose(
            over ->
                link.send(Request.cmd(Command.HSET).arg(deadlines).arg("done").arg(step.number())))
        .mapEmpty();
  }

  private Future<Void> finish(Unfinished step, int partition) {
    List<String> named = List.of(moved(partition), moving(partition), keys.due(partition));
    return link.run(BEGIN, named, step.number())
        .compose(
            left ->
                left.toInteger() == 0
                    ? Future.succeededFuture()
                    : batch(step, partition).compose(some -> finish(step, partition)));
  }

  private Future<Void> batch(Unfinished step, int partition) {
    Request some = Request.cmd(Command.ZRANGE).arg(moving(partition)).arg(0).arg(BATCH - 1);
    return link.send(some)
        .compose(
            devices ->
                Future.join(
                    RedisCommandStore.texts(devices).stream()
                        .map(device -> device(step, partition, device))
                        .toList()))
        .mapEmpty();
  }

  private Future<Response> device(Unfinished step, int partition, String device) {
    String queue = keys.queue(device);
    return link.send(Request.cmd(Command.ZRANGE).arg(queue).arg(0).arg(-1))
        .compose(
            found -> {
              List<String> ids = RedisCommandStore.texts(found);
              List<String> named = new ArrayList<>();
              named.add(moved(partition));
              named.add(moving(partition));
              named.add(keys.due(partition));
              named.add(queue);
              ids.forEach(id -> named.add(keys.command(partition, id)));
              List<Object> args = new ArrayList<>();
              args.add(step.number());
              args.add(device);
              args.add(step.from());
              args.add(step.to());
              args.add(step.made());
              args.addAll(ids);
              return link.run(MOVE, named, args.toArray());
            });
  }

  private String moved(int partition) {
    return keys.keys().in(partition, "moved");
  }

  private String moving(int partition) {
    return keys.keys().in(partition, "moving");
  }
}
