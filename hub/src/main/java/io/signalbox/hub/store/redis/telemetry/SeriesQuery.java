package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.telemetry.ChunkHead;
import io.signalbox.hub.store.telemetry.SeriesScan;
import io.signalbox.hub.store.telemetry.SeriesSnapshot;
import io.signalbox.hub.telemetry.SeriesRange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scan of a series' range, page by page: the heads of some chunks, then the bodies that the sink
 * needs of them, then a part of the scan on a worker thread. The open string and the tails are read
 * first, in one step with the first page: what moves from them to chunks later is seen twice, which
 * merging removes.
 *
 * <p>Threading: one step at a time, on any thread. Used once.
 */
final class SeriesQuery {
  private static final RedisScript SERIES = RedisScript.of(SeriesQuery.class, "series.lua");
  private static final int FIRST_PAGE = 64;
  private static final int PAGE = 256;
  private static final int LATE_PAGE = 1024;

  private final RedisLink link;
  private final TelemetryKeys keys;
  private final Vertx vertx;
  private final SeriesRange range;
  private final LoadedChunks chunks = new LoadedChunks();
  private final List<ChunkHead> late = new ArrayList<>();
  private SeriesSnapshot snapshot = new SeriesSnapshot(0, null, 0, null);
  private long full = Long.MIN_VALUE;

  SeriesQuery(RedisLink link, TelemetryKeys keys, Vertx vertx, SeriesRange range) {
    this.link = link;
    this.keys = keys;
    this.vertx = vertx;
    this.range = range;
  }

  /** The chunks that are read, for a reducer that reads the body of one. */
  LoadedChunks chunks() {
    return chunks;
  }

  /** Passes the readings to the sink until it ends the scan. */
  Future<Void> run(SeriesScan.Sink sink) {
    return start().compose(page -> scan(sink, page, range.from()));
  }

  /**
   * Like {@link #run}, from the last reading before the range on, and perhaps few others before it.
   */
  Future<Void> runFromBefore(SeriesScan.Sink sink) {
    return start()
        .map(page -> snapshot.lastBefore(range.from(), full))
        .compose(
            from -> {
              SeriesRange wider = new SeriesRange(range.device(), range.metric(), from, range.to());
              return new SeriesQuery(link, keys, vertx, wider).run(sink);
            });
  }

  /** Heads of the main layer, and whether there may be more. */
  private record Page(List<ChunkHead> heads, boolean more) {}

  private Future<Page> start() {
    List<String> names =
        List.of(
            keys.open(range.device()),
            keys.series(range.device()),
            keys.tails(range.device()),
            keys.heads(range.device(), range.metric()),
            keys.late(range.device(), range.metric()));
    return link.run(SERIES, names, range.metric(), range.from(), FIRST_PAGE, LATE_PAGE)
        .compose(found -> vertx.executeBlocking(() -> decode(found), false))
        .compose(this::moreLate);
  }

  private Page decode(Response found) {
    byte[] open = bytes(found.get(0));
    OpenSeries series =
        OpenSeries.of(
            range.metric(),
            SeriesState.decode(range.metric(), bytes(found.get(1))),
            bytes(found.get(2)),
            bytes(found.get(3)),
            open == null ? List.of() : OpenReadings.of(open, range.metric()));
    snapshot = series.snapshot();
    List<ChunkHead> main = heads(found.get(4));
    List<ChunkHead> some = heads(found.get(5));
    late.addAll(some);
    full = Math.max(end(found.get(6)), end(found.get(7)));
    if (!main.isEmpty() && main.getFirst().first() < range.from()) {
      full = Math.max(full, main.getFirst().first());
    }
    for (ChunkHead head : some) {
      full = head.first() < range.from() ? Math.max(full, head.first()) : full;
    }
    return page(main, FIRST_PAGE);
  }

  private static long end(@Nullable Response head) {
    return head == null ? Long.MIN_VALUE : ChunkHeadCodec.decode(head.toBytes()).last();
  }

  private static byte @Nullable [] bytes(@Nullable Response response) {
    return response == null ? null : response.toBytes();
  }

  private static List<ChunkHead> heads(Response found) {
    List<ChunkHead> heads = new ArrayList<>(found.size());
    for (Response each : found) {
      heads.add(ChunkHeadCodec.decode(each.toBytes()));
    }
    return heads;
  }

  /** Cuts what is not needed: chunks after the range, and those written after the snapshot. */
  private Page page(List<ChunkHead> heads, int asked) {
    long end = snapshot.main() == null ? range.to() : Math.min(range.to(), snapshot.main().first());
    List<ChunkHead> within = heads.stream().filter(head -> head.first() < end).toList();
    return new Page(within, heads.size() == asked && within.size() == asked);
  }

  /** Reads the rest of the late layer, in the rare case that it is long. */
  private Future<Page> moreLate(Page page) {
    int size = late.size();
    if (size == 0 || size % LATE_PAGE != 0) {
      late.removeIf(head -> head.first() >= range.to());
      chunks.late(late);
      return Future.succeededFuture(page);
    }
    Request next =
        Request.cmd(Command.ZRANGE)
            .arg(keys.late(range.device(), range.metric()))
            .arg(range.from())
            .arg("+inf")
            .arg("BYSCORE")
            .arg("LIMIT")
            .arg(size)
            .arg(LATE_PAGE);
    return link.send(next)
        .compose(
            found -> {
              late.addAll(heads(found));
              return late.size() == size ? Future.succeededFuture(page) : moreLate(page);
            });
  }

  private Future<Void> scan(SeriesScan.Sink sink, Page page, long from) {
    long to = page.more() ? page.heads().getLast().last() + 1 : range.to();
    chunks.page(page.heads());
    List<Long> missing = chunks.missing(sink, snapshot, from, to);
    return bodies(missing)
        .compose(found -> vertx.executeBlocking(() -> scan(sink, missing, found, from, to), false))
        .compose(
            goesOn ->
                goesOn && page.more()
                    ? next(to).compose(following -> scan(sink, following, to))
                    : Future.succeededFuture());
  }

  private boolean scan(
      SeriesScan.Sink sink, List<Long> ids, List<byte @Nullable []> bodies, long from, long to) {
    chunks.add(ids, bodies);
    return new SeriesScan(chunks, snapshot, from, to).run(sink);
  }

  private Future<List<byte @Nullable []>> bodies(List<Long> ids) {
    if (ids.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    Request request = Request.cmd(Command.HMGET).arg(keys.bodies(range.device()));
    ids.forEach(id -> request.arg(ChunkHeadCodec.field(id)));
    return link.send(request)
        .map(
            found -> {
              List<byte @Nullable []> bodies = new ArrayList<>(found.size());
              for (int i = 0; i < found.size(); i++) {
                bodies.add(bytes(found.get(i)));
              }
              return bodies;
            });
  }

  private Future<Page> next(long from) {
    Request request =
        Request.cmd(Command.ZRANGE)
            .arg(keys.heads(range.device(), range.metric()))
            .arg(from)
            .arg("+inf")
            .arg("BYSCORE")
            .arg("LIMIT")
            .arg(0)
            .arg(PAGE);
    return link.send(request).map(found -> page(heads(found), PAGE));
  }
}
