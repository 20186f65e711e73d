package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Redis implementation of {@link CommandStore}. A device's commands, its queue and all that refers
 * to them are in one partition, so an append is one script. {@link CommandKeys} names the data.
 *
 * <p>What concerns all devices is read from each partition and merged; the parts are of moments
 * that differ a little. {@link DeadlineMoves} says how steps of the clock are followed.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
public final class RedisCommandStore implements CommandStore {
  private static final int READ_ATTEMPTS = 10;

  private final RedisLink link;
  private final CommandKeys keys;
  private final CommandAppend append;
  private final CommandPages pages;
  private final CommandDevices devices;
  private final DeadlineMoves moves;
  private final CommandTrim trim;

  /** A store of commands with these keys, which publishes their changes. */
  public RedisCommandStore(RedisLink link, RedisKeys keys, EventStreams events) {
    this.link = link;
    this.keys = new CommandKeys(keys);
    this.append = new CommandAppend(link, this.keys, events);
    this.pages = new CommandPages(link, this.keys);
    this.devices = new CommandDevices(link, this.keys);
    this.moves = new DeadlineMoves(link, this.keys);
    this.trim = new CommandTrim(link, this.keys);
  }

  @Override
  public Future<AppendResult> append(long revision, List<Command> steps, @Nullable Claim claim) {
    return Future.succeededFuture().compose(any -> append.run(revision, steps, claim));
  }

  @Override
  public Future<Optional<Command>> get(String id) {
    List<Request> reads =
        keys.partitionsOf(id).mapToObj(partition -> read(keys.command(partition, id))).toList();
    return link.sendAll(reads)
        .map(
            found ->
                found.stream()
                    .filter(Objects::nonNull)
                    .map(text -> CommandText.read(id, text.toString()).command())
                    .findFirst());
  }

  private static Request read(String command) {
    return Request.cmd(io.vertx.redis.client.Command.GET).arg(command);
  }

  @Override
  public Future<QueueSnapshot> unfinished(String device) {
    return OptimisticRetry.run(
        READ_ATTEMPTS,
        () -> queue(device),
        () ->
            new Refusal(
                ErrorCode.UNAVAILABLE, "the queue of %s changes too often".formatted(device)));
  }

  /** Reads the ids, then the commands; the revision before and after tells whether they agree. */
  private Future<QueueSnapshot> queue(String device) {
    Request ids =
        Request.cmd(io.vertx.redis.client.Command.ZRANGE).arg(keys.queue(device)).arg(0).arg(-1);
    return link.sendAll(List.of(revision(device), ids))
        .compose(
            read ->
                read.get(1).size() == 0
                    ? Future.succeededFuture(new QueueSnapshot(List.of(), number(read.get(0))))
                    : commands(device, read.get(0), texts(read.get(1))));
  }

  private Future<QueueSnapshot> commands(
      String device, @Nullable Response before, List<String> ids) {
    int partition = keys.keys().partitionOf(device);
    Request texts = Request.cmd(io.vertx.redis.client.Command.MGET);
    ids.forEach(id -> texts.arg(keys.command(partition, id)));
    return link.sendAll(List.of(texts, revision(device)))
        .map(
            read -> {
              long revision = number(before);
              if (number(read.get(1)) != revision) {
                throw new StaleReadException();
              }
              return new QueueSnapshot(unfinished(ids, read.get(0)), revision);
            });
  }

  private static List<Command> unfinished(List<String> ids, Response texts) {
    List<CommandText> read = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      Response text = texts.get(i);
      if (text != null) {
        read.add(CommandText.read(ids.get(i), text.toString()));
      }
    }
    return read.stream()
        .sorted(Comparator.comparingLong(CommandText::place))
        .map(CommandText::command)
        // What an unregistered device has left may end between the reads: it has no revision.
        .filter(command -> !command.state().isFinal())
        .toList();
  }

  private Request revision(String device) {
    return Request.cmd(io.vertx.redis.client.Command.HGET).arg(keys.device(device)).arg("r");
  }

  private static long number(@Nullable Response revision) {
    return revision == null ? 0 : revision.toLong();
  }

  static List<String> texts(Response array) {
    return array.stream().map(Response::toString).toList();
  }

  @Override
  public Future<Optional<FirstUse>> original(String device, String key, long since) {
    return link.send(
            Request.cmd(io.vertx.redis.client.Command.HGET).arg(keys.idempotency(device)).arg(key))
        .map(
            used -> Stream.ofNullable(used).flatMap(use -> use(use.toString(), since)).findFirst());
  }

  private static Stream<FirstUse> use(String text, long since) {
    String[] parts = text.split(" ", 3);
    return Long.parseLong(parts[0]) < since
        ? Stream.empty()
        : Stream.of(new FirstUse(parts[1], parts[2]));
  }

  @Override
  public Future<List<String>> awaitingAnswer(String after, int limit) {
    return devices.awaitingAnswer(after, limit);
  }

  @Override
  public Future<List<String>> orphaned(int limit) {
    return devices.orphaned(limit);
  }

  @Override
  public Future<List<String>> due(long now, int limit) {
    return moves.finish().compose(finished -> devices.due(now, limit));
  }

  @Override
  public Future<Void> moveDeadlines(ClockStep step) {
    return moves.move(step);
  }

  @Override
  public Future<Page<Command>> list(CommandQuery query) {
    return Future.succeededFuture().compose(any -> pages.read(query));
  }

  @Override
  public Future<Integer> trim(long endedBefore, int limit) {
    return trim.run(endedBefore, limit);
  }
}
