package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
  /** Least number of entries that are read at once to be filtered by state. */
  private static final int FILTERED = 100;

  /** Last byte of a stored command that is read to know its state. */
  private static final int STATE_END = 31;

  private final RedisLink link;
  private final CommandKeys keys;

  CommandPages(RedisLink link, CommandKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /** An index of commands by place. */
  private record Index(int partition, String key) {}

  /** A command in an index. Places of different partitions may be equal. */
  private record Entry(int partition, long place, String id) {
    static final Comparator<Entry> NEWEST_FIRST =
        Comparator.comparingLong(Entry::place).thenComparingInt(Entry::partition).reversed();
  }

  /**
   * Entries that were read.
   *
   * @param last the last one before the filter; null if the index has no more
   */
  private record Chunk(List<Entry> entries, @Nullable Entry last) {}

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
                collect(query, indices, after, new ArrayList<>())
                    .compose(found -> page(query, found, total)));
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

  private static boolean isNarrow(CommandQuery query) {
    return query.device() != null || query.job() != null;
  }

  // ---- The total, which is counted for the first page, then taken from the cursor.

  private Future<Long> total(CommandQuery query, List<Index> indices, CommandCursor after) {
    if (!isNarrow(query)) {
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

  // ---- The entries of a page, and one more if there is a next page.

  private Future<List<Entry>> collect(
      CommandQuery query, List<Index> indices, CommandCursor after, List<Entry> found) {
    int wanted = query.limit() + 1 - found.size();
    return chunk(query, indices, after, wanted)
        .compose(
            chunk -> {
              found.addAll(chunk.entries().subList(0, Math.min(wanted, chunk.entries().size())));
              Entry last = chunk.last();
              return last == null || found.size() > query.limit()
                  ? Future.succeededFuture(found)
                  : collect(query, indices, cursor(last, after.total()), found);
            });
  }

  private static CommandCursor cursor(Entry last, @Nullable Long total) {
    return new CommandCursor(last.place(), last.partition(), total);
  }

  private Future<Chunk> chunk(
      CommandQuery query, List<Index> indices, CommandCursor after, int wanted) {
    boolean filtered = isNarrow(query) && !query.states().isEmpty();
    int count = filtered ? Math.max(wanted, FILTERED) : wanted;
    return link.sendAll(indices.stream().map(index -> entries(index, after, count)).toList())
        .compose(
            read -> {
              List<Entry> entries = merged(indices, read, count);
              Entry last = entries.size() < count ? null : entries.getLast();
              return filtered
                  ? inStates(query, entries).map(some -> new Chunk(some, last))
                  : Future.succeededFuture(new Chunk(entries, last));
            });
  }

  private static Request entries(Index index, CommandCursor after, int count) {
    return Request.cmd(io.vertx.redis.client.Command.ZRANGE)
        .arg(index.key())
        .arg(after.bound(index.partition()))
        .arg("-inf")
        .arg("BYSCORE")
        .arg("REV")
        .arg("LIMIT")
        .arg(0)
        .arg(count)
        .arg("WITHSCORES");
  }

  private static List<Entry> merged(List<Index> indices, List<Response> read, int count) {
    return IntStream.range(0, indices.size())
        .boxed()
        .flatMap(at -> read.get(at).stream().map(pair -> entry(indices.get(at), pair)))
        .sorted(Entry.NEWEST_FIRST)
        .limit(count)
        .toList();
  }

  private static Entry entry(Index index, Response pair) {
    return new Entry(
        index.partition(), (long) pair.get(1).toDouble().doubleValue(), pair.get(0).toString());
  }

  private Future<List<Entry>> inStates(CommandQuery query, List<Entry> entries) {
    List<Request> reads =
        entries.stream()
            .map(
                entry ->
                    Request.cmd(io.vertx.redis.client.Command.GETRANGE)
                        .arg(keys.command(entry.partition(), entry.id()))
                        .arg(0)
                        .arg(STATE_END))
            .toList();
    return link.sendAll(reads)
        .map(
            read ->
                IntStream.range(0, entries.size())
                    .filter(at -> isIn(query, read.get(at).toString()))
                    .mapToObj(entries::get)
                    .toList());
  }

  /** Whether a stored command, empty if it was deleted since, is in a state of the query. */
  private static boolean isIn(CommandQuery query, String text) {
    return !text.isEmpty()
        && (query.states().isEmpty() || query.states().contains(CommandText.state(text)));
  }

  // ---- The page.

  private Future<Page<Command>> page(CommandQuery query, List<Entry> found, long total) {
    boolean more = found.size() > query.limit();
    List<Entry> shown = more ? found.subList(0, query.limit()) : found;
    String next =
        more
            ? cursor(shown.getLast(), total == Page.UNCOUNTED ? null : (Long) total).toString()
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
    return text != null && isIn(query, text.toString())
        ? CommandText.read(entry.id(), text.toString()).command()
        : null;
  }
}
