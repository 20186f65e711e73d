package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.bus.SerialExecutor;
import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.telemetry.PartitionAppends.Group;
import io.signalbox.hub.store.telemetry.codec.ByteSink;
import io.signalbox.hub.telemetry.BatchResult;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends of batches. A batch is split by partition; what waits for a partition is appended and
 * published by one script. A partition whose script fails refuses its messages, the others are
 * stored.
 *
 * <p>Threading: any thread. The queues are confined to a {@link SerialExecutor}.
 */
final class AppendQueue {
  private static final Logger LOG = LoggerFactory.getLogger(AppendQueue.class);
  private static final RedisScript APPEND = RedisScript.of(AppendQueue.class, "append.lua");
  private static final RedisScript REGISTER = RedisScript.of(AppendQueue.class, "register.lua");

  /** For how long a failure says that appends fail: while it is shown, there may be none. */
  private static final long RECENT_NANOS = Duration.ofSeconds(5).toNanos();

  /** A failed append. */
  private record Trouble(String detail, long nanoTime) {}

  private final RedisLink link;
  private final TelemetryKeys keys;
  private final EventStreams streams;
  private final RedisTelemetrySettings settings;
  private final WallClock clock;
  private final Vertx vertx;
  private final DeviceSealer sealer;
  private final TelemetryCounts counts;
  private final SerialExecutor executor;
  private final List<PartitionAppends> partitions;
  private boolean timerSet; // confined
  private volatile boolean closed;
  private volatile @Nullable Trouble trouble;

  AppendQueue(RedisTelemetryStore.Parts parts, DeviceSealer sealer, TelemetryCounts counts) {
    this.link = parts.link();
    this.keys = parts.keys();
    this.streams = parts.streams();
    this.settings = parts.settings();
    this.clock = parts.clock();
    this.vertx = parts.vertx();
    this.sealer = sealer;
    this.counts = counts;
    this.executor = new SerialExecutor(task -> vertx.runOnContext(turn -> task.run()));
    IntStream all = IntStream.range(0, keys.partitions());
    this.partitions = all.mapToObj(PartitionAppends::new).toList();
  }

  /** Appends a batch. */
  Future<BatchResult> append(TelemetryBatch batch) {
    if (closed) {
      return Future.failedFuture(unavailable("the telemetry store is closed"));
    }
    if (batch.messages().isEmpty()) {
      return Future.succeededFuture(BatchResult.ALL_STORED);
    }
    if (counts.waiting.addAndGet(batch.readings()) > settings.maxQueuedReadings()) {
      counts.waiting.addAndGet(-batch.readings());
      return Future.failedFuture(unavailable("too many readings wait for Redis"));
    }
    AppendPart.Owner owner = new AppendPart.Owner(batch);
    @Nullable AppendPart[] parts = split(batch, owner);
    executor.execute(() -> enqueue(parts));
    return owner.answer();
  }

  private @Nullable AppendPart[] split(TelemetryBatch batch, AppendPart.Owner owner) {
    @Nullable AppendPart[] parts = new AppendPart[partitions.size()];
    ByteSink sink = new ByteSink(256);
    long now = clock.wallMillis();
    int count = 0;
    for (int i = 0; i < batch.messages().size(); i++) {
      TelemetryMessage message = batch.messages().get(i);
      int partition = keys.partitionOf(message.device());
      AppendPart part = parts[partition];
      if (part == null) {
        part = new AppendPart(owner);
        parts[partition] = part;
        count++;
      }
      sink.truncate(0);
      MessageCodec.write(sink, message, now);
      part.add(i, message, sink.toBytes());
    }
    owner.expect(count);
    return parts;
  }

  private void enqueue(@Nullable AppendPart[] parts) {
    for (int i = 0; i < parts.length; i++) {
      AppendPart part = parts[i];
      if (part != null) {
        partitions.get(i).add(part);
      }
    }
    sendDue();
  }

  /** Sends what may be sent, and sees to it that the rest is sent later. */
  private void sendDue() {
    long now = System.nanoTime();
    boolean later = false;
    for (PartitionAppends partition : partitions) {
      if (partition.isDue(now, closed ? 0 : settings.commitInterval().toNanos())) {
        send(partition, partition.take(now));
      }
      later |= partition.isWaiting();
    }
    if (later && !timerSet) {
      timerSet = true;
      long millis = Math.max(1, settings.commitInterval().toMillis());
      vertx.setTimer(millis, id -> executor.execute(this::timer));
    }
  }

  private void timer() {
    timerSet = false;
    sendDue();
  }

  private void send(PartitionAppends partition, Group group) {
    if (group.entries().isEmpty()) {
      partition.sent();
      answer(group, null);
      return;
    }
    int number = partition.partition();
    List<String> devices = group.devices();
    List<String> names = new ArrayList<>(3 + devices.size());
    names.add(keys.opened(number));
    names.add(keys.counters(number));
    names.add(streams.in(number));
    List<Object> args = new ArrayList<>(6 + devices.size());
    args.add(clock.wallMillis());
    args.add(settings.openBytes());
    args.add(keys.idInOpen(number));
    args.add(streams.maxEntries());
    args.add(streams.node());
    args.add(group.events(streams));
    for (String device : devices) {
      names.add(keys.open(device));
      args.add(group.entries().get(device));
    }
    link.run(APPEND, names, args.toArray())
        .onComplete(told -> executor.execute(() -> answered(partition, group, told)));
  }

  private void answered(PartitionAppends partition, Group group, AsyncResult<Response> told) {
    partition.sent();
    if (told.failed()) {
      answer(group, refusal(told.cause()));
    } else {
      trouble = null;
      counts.commits.increment();
      List<String> fresh = new ArrayList<>();
      List<String> devices = group.devices();
      for (Response each : told.result()) {
        String device = devices.get(each.toInteger() / 2);
        if (each.toInteger() % 2 == 0) {
          fresh.add(device);
        } else {
          sealer.offer(device);
        }
      }
      registered(partition.partition(), group, fresh)
          .onComplete(done -> executor.execute(() -> answer(group, null)));
    }
    sendDue();
  }

  /** Counts the series of devices whose open string is new; a failure delays the count only. */
  private Future<?> registered(int partition, Group group, List<String> fresh) {
    if (fresh.isEmpty()) {
      return Future.succeededFuture();
    }
    List<String> names = new ArrayList<>();
    List<Object> args = new ArrayList<>();
    names.add(keys.counters(partition));
    for (String device : fresh) {
      List<String> metrics = group.metrics(device);
      names.add(keys.series(device));
      args.add(metrics.size());
      args.addAll(metrics);
    }
    return link.run(REGISTER, names, args.toArray())
        .onSuccess(series -> counts.series.set(partition, series.toLong()));
  }

  private void answer(Group group, @Nullable Refusal refusal) {
    counts.waiting.addAndGet(-group.readings());
    for (AppendPart part : group.parts()) {
      part.answered(refusal);
    }
  }

  /**
   * The refusal of a failed append. What Redis cannot do now is known to the link, which also
   * notices when it is over; a hub that is not ready gets no readings, and would not.
   */
  private Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal known) {
      return known;
    }
    Refusal refusal = unavailable("Redis has not stored the readings; send them again later");
    if (trouble() == null) {
      LOG.warn("Readings are not stored: {}", cause.getMessage());
    }
    trouble = new Trouble(refusal.detail(), System.nanoTime());
    return refusal;
  }

  static Refusal unavailable(String detail) {
    return new Refusal(ErrorCode.UNAVAILABLE, detail);
  }

  /** Succeeds when everything that was appended to the partition before is answered. */
  Future<Void> flushed(int partition) {
    AppendPart.Owner owner = new AppendPart.Owner(new TelemetryBatch(List.of(), 0));
    @Nullable AppendPart[] parts = new AppendPart[partitions.size()];
    parts[partition] = new AppendPart(owner);
    owner.expect(1);
    executor.execute(() -> enqueue(parts));
    return owner.answer().transform(answer -> Future.succeededFuture());
  }

  /** Refuses later batches; succeeds when earlier ones are answered. */
  Future<Void> close() {
    closed = true;
    return Future.join(IntStream.range(0, partitions.size()).mapToObj(this::flushed).toList())
        .mapEmpty();
  }

  /** Why an append has just failed; null if none has. */
  @Nullable String trouble() {
    Trouble last = trouble;
    return last == null || System.nanoTime() - last.nanoTime() >= RECENT_NANOS
        ? null
        : last.detail();
  }
}
