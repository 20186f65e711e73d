package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.command.CommandEntries.Entry;
import io.signalbox.hub.store.redis.command.CommandEntries.Index;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pages of commands by place, newest first, merged from all partitions: with an index of a device,
 * of a job, or of each state. A list that is not filtered by device or job has no total.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class CommandPages {
  private final RedisLink link;
  private final CommandKeys keys;
  private final CommandEntries entries;

  CommandPages(RedisLink link, CommandKeys keys) {
    this.link = link;
    this.keys = keys;
    this.entries = new CommandEntries(link, keys);
  }

  Future<Page<Command>> read(CommandQuery query) {
    CommandCursor after = CommandCursor.of(query.cursor());
    String device = query.device();
    return device == null
        ? list(query, after)
        : link.send(Request.cmd(io.vertx.redis.client.Command.EXISTS).arg(keys.device(device)))
            .compose(
                exists -> {
                  if (exists.toInteger() == 0) {
                    throw new Refusal(ErrorCode.UNKNOWN_DEVICE, "there is no device " + device);
                  }
                  return query.job() == null
                      ? list(query, after)
                      : ofJobAndDevice(query, device, query.job());
                });
  }

  /** A job has one command for a device, so there is one page. */
  private Future<Page<Command>> ofJobAndDevice(CommandQuery query, String device, String job) {
    int partition = keys.keys().partitionOf(device);
    Request both =
        Request.cmd(io.vertx.redis.client.Command.ZINTER)
            .arg(2)
            .arg(keys.list(device))
            .arg(keys.jobCommands(partition, job));
    return link.send(both)
        .compose(
            found ->
                commands(
                    query,
                    found.stream().map(id -> new Entry(partition, 0, id.toString())).toList()))
        .map(items -> new Page<>(query.cursor() == null ? items : List.of(), null, items.size()));
  }

  private Future<Page<Command>> list(CommandQuery query, CommandCursor after) {
    List<Index> indices = indices(query);
    return total(query, indices, after)
        .compose(
            total ->
                entries.read(query, indices, after).compose(found -> page(query, found, total)));
  }

  private List<Index> indices(CommandQuery query) {
    String device = query.device();
    String job = query.job();
    if (device != null) {
      return List.of(new Index(keys.keys().partitionOf(device), keys.list(device)));
    }
    return keys.keys()
        .all()
        .boxed()
        .flatMap(
            partition ->
                job != null
                    ? Stream.of(new Index(partition, keys.jobCommands(partition, job)))
                    : states(query).stream()
                        .map(state -> new Index(partition, keys.in(partition, state))))
        .toList();
  }

  private static Collection<State> states(CommandQuery query) {
    return query.states().isEmpty() ? List.of(State.values()) : query.states();
  }

  // ---- The total, which is counted for the first page, then taken from the cursor.

  private Future<Long> total(CommandQuery query, List<Index> indices, CommandCursor after) {
    if (!CommandEntries.isNarrow(query)) {
      return Future.succeededFuture(Page.UNCOUNTED);
    }
    Long known = after.total();
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return link.sendAll(indices.stream().flatMap(index -> counts(query, index)).toList())
        .map(counts -> counts.stream().mapToLong(Response::toLong).sum());
  }

  private Stream<Request> counts(CommandQuery query, Index index) {
    return query.states().isEmpty()
        ? Stream.of(Request.cmd(io.vertx.redis.client.Command.ZCARD).arg(index.key()))
        : query.states().stream()
            .map(
                state ->
                    Request.cmd(io.vertx.redis.client.Command.ZINTERCARD)
                        .arg(2)
                        .arg(index.key())
                        .arg(keys.in(index.partition(), state)));
  }

  // ---- The page.

  private Future<Page<Command>> page(CommandQuery query, List<Entry> found, long total) {
    boolean more = found.size() > query.limit();
    List<Entry> shown = more ? found.subList(0, query.limit()) : found;
    String next =
        more
            ? shown.getLast().cursor(total == Page.UNCOUNTED ? null : (Long) total).toString()
            : null;
    return commands(query, shown).map(items -> new Page<>(items, next, total));
  }

  private Future<List<Command>> commands(CommandQuery query, List<Entry> entries) {
    List<Request> reads =
        entries.stream()
            .map(
                entry ->
                    Request.cmd(io.vertx.redis.client.Command.GET)
                        .arg(keys.command(entry.partition(), entry.id())))
            .toList();
    return link.sendAll(reads)
        .map(
            read ->
                IntStream.range(0, entries.size())
                    .mapToObj(at -> command(query, entries.get(at), read.get(at)))
                    .filter(Objects::nonNull)
                    .toList());
  }

  /** Null if it was deleted or has another state since. */
  private static @Nullable Command command(
      CommandQuery query, Entry entry, @Nullable Response text) {
    return text != null && CommandEntries.isIn(query, text.toString())
        ? CommandText.read(entry.id(), text.toString()).command()
        : null;
  }
}
