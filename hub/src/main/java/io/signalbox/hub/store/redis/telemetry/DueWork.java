package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.telemetry.RetentionCutoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is due at some time: open strings that are old are sealed, chunks that are older than
 * the retention are deleted, and the oldest ones while all together are too large. A partition is
 * looked after by the node that has its lease, so that nodes do not repeat each other's work; it
 * would do no harm. Each round does a limited amount of work.
 *
 * <p>Threading: any thread; one round at a time.
 */
final class DueWork {
  private static final Logger LOG = LoggerFactory.getLogger(DueWork.class);
  private static final RedisScript DUE = RedisScript.of(DueWork.class, "due.lua");
  private static final RedisScript PRUNE = RedisScript.of(DueWork.class, "prune.lua");
  private static final RedisScript RELEASE = RedisScript.of(DueWork.class, "release.lua");

  private static final int MOST_IN_PARTITION = 64;
  private static final int MOST_CHUNKS = 64;
  private static final int MOST_TOO_LARGE = 64;

  /** Chunks of a series that end within this time are deleted together for their size. */
  private static final long TOGETHER = Duration.ofHours(1).toMillis();

  private static final long TOLD_AGAIN_NANOS = Duration.ofHours(1).toNanos();

  private final RedisLink link;
  private final TelemetryKeys keys;
  private final RedisTelemetrySettings settings;
  private final HubClock clock;
  private final Vertx vertx;
  private final String node;
  private final DeviceSealer sealer;
  private final TelemetryCounts counts;
  private volatile boolean closed;
  private long toldAt;
  private long untold;
  private boolean told;

  DueWork(RedisTelemetryStore.Parts parts, DeviceSealer sealer, TelemetryCounts counts) {
    this.link = parts.link();
    this.keys = parts.keys();
    this.settings = parts.settings();
    this.clock = parts.clock();
    this.vertx = parts.vertx();
    this.node = parts.streams().node();
    this.sealer = sealer;
    this.counts = counts;
  }

  /** What a partition has to be done, of which only this node is told. */
  private record Due(
      int partition, long bytes, boolean mine, List<String> expired, Oldest oldest) {}

  /** The series with the oldest chunk; an empty member if there is none. */
  private record Oldest(int partition, String member, long end) {
    static Oldest of(int partition, @Nullable Response found) {
      return found == null || found.size() == 0
          ? new Oldest(partition, "", Long.MAX_VALUE)
          : new Oldest(
              partition,
              found.get(0).toString(),
              (long) Double.parseDouble(found.get(1).toString()));
    }
  }

  /** Starts the rounds. */
  void start() {
    vertx.setTimer(settings.checkInterval().toMillis(), id -> goOn());
  }

  private void goOn() {
    if (!closed) {
      round()
          .onFailure(failure -> LOG.debug("Due work of telemetry failed", failure))
          .onComplete(done -> start());
    }
  }

  /** Ends the rounds and gives up the leases, which would end by themselves later. */
  Future<Void> close() {
    closed = true;
    List<Future<Response>> released = new ArrayList<>();
    for (int partition = 0; partition < keys.partitions(); partition++) {
      released.add(link.run(RELEASE, List.of(keys.lease(partition)), node));
    }
    return Future.join(released).otherwiseEmpty().mapEmpty();
  }

  /** One round. */
  Future<Void> round() {
    long cutoff = RetentionCutoff.of(clock, settings.retention());
    List<Future<Due>> looks = new ArrayList<>();
    for (int partition = 0; partition < keys.partitions(); partition++) {
      looks.add(look(partition, cutoff));
    }
    return Future.all(looks)
        .compose(
            all -> {
              List<Due> due = all.list();
              return expired(due, cutoff).compose(done -> tooLarge(due));
            });
  }

  private Future<Due> look(int partition, long cutoff) {
    List<String> names =
        List.of(
            keys.lease(partition),
            keys.opened(partition),
            keys.oldest(partition),
            keys.counters(partition));
    return link.run(
            DUE,
            names,
            node,
            3 * settings.checkInterval().toMillis(),
            clock.wallMillis() - settings.openAge().toMillis(),
            cutoff,
            MOST_IN_PARTITION)
        .map(found -> due(partition, found));
  }

  private Due due(int partition, Response found) {
    counts.series.set(partition, found.get(1).toLong());
    found.get(3).forEach(device -> sealer.offer(device.toString()));
    List<String> expired = new ArrayList<>();
    found.get(4).forEach(member -> expired.add(member.toString()));
    return new Due(
        partition,
        found.get(0).toLong(),
        found.get(2).toLong() == 1,
        expired,
        Oldest.of(partition, found.get(5)));
  }

  private Future<Void> expired(List<Due> due, long cutoff) {
    Future<Void> before = Future.succeededFuture();
    for (Due each : due) {
      for (String member : each.expired()) {
        before = before.compose(done -> prune(each.partition(), member, cutoff)).mapEmpty();
      }
    }
    return before;
  }

  private Future<Response> prune(int partition, String member, long cutoff) {
    int slash = member.indexOf('/');
    String device = member.substring(0, slash);
    String metric = member.substring(slash + 1);
    List<String> names =
        List.of(
            keys.heads(device, metric),
            keys.late(device, metric),
            keys.bodies(device),
            keys.series(device),
            keys.tails(device),
            keys.oldest(partition),
            keys.counters(partition),
            keys.open(device));
    return link.run(PRUNE, names, metric, member, cutoff, MOST_CHUNKS, DeviceSealer.CHUNK_OVERHEAD);
  }

  private Future<Void> tooLarge(List<Due> due) {
    long bytes = due.stream().mapToLong(Due::bytes).sum();
    if (settings.maxBytes() == 0 || bytes <= settings.maxBytes()) {
      return Future.succeededFuture();
    }
    List<Oldest> oldest = new ArrayList<>(due.stream().filter(Due::mine).map(Due::oldest).toList());
    return dropOldest(bytes - settings.maxBytes(), oldest, MOST_TOO_LARGE);
  }

  /** Deletes the oldest chunks until this number of bytes is free. */
  private Future<Void> dropOldest(long bytes, List<Oldest> oldest, int steps) {
    Oldest first =
        oldest.stream()
            .filter(each -> !each.member().isEmpty())
            .min(Comparator.comparingLong(Oldest::end))
            .orElse(null);
    if (bytes <= 0 || steps == 0 || first == null) {
      return Future.succeededFuture();
    }
    return prune(first.partition(), first.member(), first.end() + TOGETHER)
        .compose(
            pruned -> {
              dropped(pruned.get(1).toLong(), first.end());
              oldest.remove(first);
              oldest.add(Oldest.of(first.partition(), pruned.get(3)));
              return dropOldest(bytes - pruned.get(2).toLong(), oldest, steps - 1);
            });
  }

  private void dropped(long readings, long until) {
    counts.droppedReadings.add(readings);
    untold += readings;
    long now = System.nanoTime();
    if (readings > 0 && (!told || now - toldAt >= TOLD_AGAIN_NANOS)) {
      LOG.warn(
          "Readings in Redis exceed {} bytes: the oldest are deleted, {} until {}",
          settings.maxBytes(),
          untold,
          Instant.ofEpochMilli(until));
      told = true;
      toldAt = now;
      untold = 0;
    }
  }
}
