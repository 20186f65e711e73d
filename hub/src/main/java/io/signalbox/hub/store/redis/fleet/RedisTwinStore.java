package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.fleet.TwinStore;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.model.TwinChange.Side;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.redis.CommitCallback;
import io.signalbox.hub.store.redis.EventStreams;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Store of twins and their history in Redis: {@code twin:DEVICE} is the twin, the lists {@code
 * desired-log:DEVICE} and {@code reported-log:DEVICE} are the changes of its halves, newest first;
 * {@link TwinText} has their encoding. A device without {@code twin:DEVICE} has an empty twin.
 *
 * <p>A revision reads the twin, applies the change, and writes the result if the versions are still
 * those that it has read; otherwise it begins again.
 *
 * <p>Threading: any thread.
 */
public final class RedisTwinStore implements TwinStore {
  private static final RedisScript REVISE = RedisScript.of(RedisTwinStore.class, "revise-twin.lua");
  private static final RedisScript CHANGES =
      RedisScript.of(RedisTwinStore.class, "twin-changes.lua");

  private static final int MAX_ATTEMPTS = 100;

  private final RedisLink link;
  private final RedisKeys keys;
  private final EventStreams streams;
  private final int kept;
  private final DeviceQueues queues = new DeviceQueues();

  /**
   * A store on this connection.
   *
   * @param kept number of stored changes per half of a twin
   */
  public RedisTwinStore(RedisLink link, RedisKeys keys, EventStreams streams, int kept) {
    this.link = link;
    this.keys = keys;
    this.streams = streams;
    this.kept = kept;
  }

  @Override
  public Future<Twin> find(String device) {
    return read(device).map(Present::twin);
  }

  /** A twin, and when its device was registered. */
  private record Present(Twin twin, String created) {}

  /** The twin first: if the device is registered after that, the twin was its own. */
  private Future<Present> read(String device) {
    Request twin = Request.cmd(Command.GET).arg(keys.of(device, "twin"));
    Request created = Request.cmd(Command.HGET).arg(keys.of(device, "device")).arg("c");
    return link.sendAll(List.of(twin, created))
        .map(found -> present(device, found.get(0), found.get(1)));
  }

  private static Present present(
      String device, @Nullable Response twin, @Nullable Response created) {
    if (created == null) {
      throw FleetRefusals.unknown(device);
    }
    return new Present(
        twin == null ? Twin.EMPTY : TwinText.parse(twin.toString()), created.toString());
  }

  @Override
  public Future<Revision> revise(
      String device, Change change, String by, long at, Consumer<Revision> committed) {
    return queues.submit(
        device,
        () ->
            OptimisticRetry.run(
                MAX_ATTEMPTS,
                () -> attempt(device, change, by, at, committed),
                () -> FleetRefusals.contended(device)));
  }

  private Future<Revision> attempt(
      String device, Change change, String by, long at, Consumer<Revision> committed) {
    return read(device)
        .compose(
            present -> {
              Twin before = present.twin();
              Revision revision = new Revision(before, change.appliedTo(before));
              return revision.isChange()
                  ? write(device, present.created(), revision, by, at)
                  : Future.succeededFuture(revision);
            })
        .map(revision -> CommitCallback.call(committed, revision));
  }

  private Future<Revision> write(
      String device, String created, Revision revision, String by, long at) {
    List<String> names =
        List.of(
            keys.of(device, "device"),
            keys.of(device, "twin"),
            log(device, Side.DESIRED),
            log(device, Side.REPORTED),
            streams.of(device));
    return link.run(
            REVISE,
            names,
            created,
            revision.before().tag(),
            TwinText.of(revision.after()),
            streams.maxEntries(),
            streams.node(),
            streams.encode(List.of(new Event.TwinChanged(device, revision.after()))),
            TwinText.change(Side.DESIRED, revision, by, at),
            TwinText.change(Side.REPORTED, revision, by, at),
            kept)
        .map(outcome -> written(device, outcome.toString(), revision));
  }

  private static Revision written(String device, String outcome, Revision revision) {
    return switch (outcome) {
      case "unknown" -> throw FleetRefusals.unknown(device);
      case "stale" -> throw new StaleReadException();
      default -> revision;
    };
  }

  private String log(String device, Side side) {
    return keys.of(device, SessionHash.lower(side) + "-log");
  }

  @Override
  public Future<Page<TwinChange>> history(
      String device, @Nullable Side side, @Nullable String cursor, int limit) {
    long before;
    try {
      before = Paging.after(cursor, Long.MAX_VALUE);
    } catch (Refusal foreign) {
      return Future.failedFuture(foreign);
    }
    List<Side> sides = side == null ? List.of(Side.values()) : List.of(side);
    List<String> names = new ArrayList<>();
    names.add(keys.of(device, "device"));
    sides.forEach(each -> names.add(log(device, each)));
    int last = cursor == null ? limit : -1;
    return link.run(CHANGES, names, last).map(answer -> page(device, sides, answer, before, limit));
  }

  private static Page<TwinChange> page(
      String device, List<Side> sides, Response answer, long before, int limit) {
    if (answer.get(0).toInteger() == 0) {
      throw FleetRefusals.unknown(device);
    }
    List<Line> found = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      Side side = sides.get(i);
      answer.get(i + 2).forEach(change -> found.add(Line.of(side, change.toString())));
    }
    List<Line> lines =
        found.stream()
            .filter(line -> line.place() < before)
            .sorted(Comparator.comparingLong(Line::place).reversed())
            .limit(limit + 1L)
            .toList();
    return Paging.page(
        lines, limit, Line::change, line -> Paging.cursor(line.place()), answer.get(1).toLong());
  }

  /** A stored change and its place in the history. */
  private record Line(Side side, long place, String text) {
    static Line of(Side side, String text) {
      return new Line(side, TwinText.placeOf(text), text);
    }

    TwinChange change() {
      return TwinText.parseChange(side, text);
    }
  }
}
