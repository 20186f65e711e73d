package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Entries of indices of commands, newest first, merged from several partitions and filtered by
 * state.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class CommandEntries {
  /** Least number of entries that are read at once to be filtered by state. */
  private static final int FILTERED = 100;

  /** Last byte of a stored command that is read to know its state. */
  private static final int STATE_END = 31;

  private final RedisLink link;
  private final CommandKeys keys;

  CommandEntries(RedisLink link, CommandKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /** An index of commands by place. */
  record Index(int partition, String key) {}

  /** A command in an index. Places of different partitions may be equal. */
  record Entry(int partition, long place, String id) {
    static final Comparator<Entry> NEWEST_FIRST =
        Comparator.comparingLong(Entry::place).thenComparingInt(Entry::partition).reversed();

    /** The cursor of a page that ends with it. */
    CommandCursor cursor(@Nullable Long total) {
      return new CommandCursor(place, partition, total);
    }
  }

  /**
   * Entries that were read.
   *
   * @param last the last one before the filter; null if the index has no more
   */
  private record Chunk(List<Entry> entries, @Nullable Entry last) {}

  /** The entries of a page, and one more if there is a next page. */
  Future<List<Entry>> read(CommandQuery query, List<Index> indices, CommandCursor after) {
    return collect(query, indices, after, new ArrayList<>());
  }

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
                  : collect(query, indices, last.cursor(after.total()), found);
            });
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
  static boolean isIn(CommandQuery query, String text) {
    return !text.isEmpty()
        && (query.states().isEmpty() || query.states().contains(CommandText.state(text)));
  }

  /** Whether the list is that of a device or a job, whose index has commands in all states. */
  static boolean isNarrow(CommandQuery query) {
    return query.device() != null || query.job() != null;
  }
}
