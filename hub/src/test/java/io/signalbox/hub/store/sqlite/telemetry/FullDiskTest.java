package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A full disk: refusals, no partial writes, and recovery when space is free. */
class FullDiskTest {
  private static final long T0 = 1_780_000_000_000L;
  private static final int BATCH = 400;

  @TempDir static Path directory;

  private final Random random = new Random(3);
  private final List<Point> acknowledged = new ArrayList<>();
  private int batches;

  /** A quota, and a small file system if the process is allowed to mount one. */
  static Stream<SmallDisk> disks() throws IOException {
    return Stream.of(SmallDisk.quota(directory), SmallDisk.tmpfs(directory))
        .flatMap(Optional::stream);
  }

  @ParameterizedTest
  @MethodSource("disks")
  void a_full_disk_refuses_and_recovers_and_loses_nothing(SmallDisk disk) throws Exception {
    SqliteTelemetryStore store = disk.open();
    for (int i = 0; i < 20; i++) {
      appendAcknowledged(store);
    }
    for (int round = 0; round < 3; round++) {
      disk.fill();
      untilRefused(store, disk);
      assertThat(store.trouble()).contains(disk.complaint());
      assertKeptExactly(store);
      disk.freeSpace();
      untilAccepted(store);
      assertThat(store.trouble()).isNull();
    }
    assertKeptExactly(store);
    Results.answer(store.close());
    store = disk.open();
    assertKeptExactly(store);
    Results.answer(store.close());
  }

  @ParameterizedTest
  @MethodSource("disks")
  void an_idle_store_becomes_healthy_by_itself(SmallDisk disk) throws Exception {
    SqliteTelemetryStore store = disk.open();
    appendAcknowledged(store);
    disk.fill();
    untilRefused(store, disk);
    disk.freeSpace();
    await().until(() -> store.trouble() == null);
    assertKeptExactly(store);
    Results.answer(store.close());
  }

  private void untilRefused(SqliteTelemetryStore store, SmallDisk disk) {
    for (int i = 0; i < 5000; i++) {
      List<Point> points = next();
      Future<BatchResult> kept = append(store, points, "new-" + batches);
      try {
        Results.answer(kept);
        acknowledged.addAll(points);
      } catch (Refusal refusal) {
        assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
        assertThat(refusal.detail()).contains(disk.complaint());
        assertThat(Results.answer(store.metrics("new-" + batches))).isEmpty();
        assertThat(Results.answer(store.latest(List.of("new-" + batches)))).isEmpty();
        return;
      }
    }
    throw new AssertionError("the disk was never full");
  }

  private void untilAccepted(SqliteTelemetryStore store) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      List<Point> points = next();
      try {
        Results.answer(append(store, points, "pump"));
        acknowledged.addAll(points);
        return;
      } catch (Refusal refusal) {
        assertThat(System.nanoTime()).as(refusal.detail()).isLessThan(deadline);
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private void appendAcknowledged(SqliteTelemetryStore store) {
    List<Point> points = next();
    Results.answer(append(store, points, "pump"));
    acknowledged.addAll(points);
  }

  private List<Point> next() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      long ts = T0 + (long) batches * BATCH + i;
      points.add(new Point(ts, new Value.Num(random.nextDouble())));
    }
    batches++;
    return points;
  }

  /** Appends points to the device pump, and one reading to another device. */
  private static Future<BatchResult> append(
      SqliteTelemetryStore store, List<Point> points, String other) {
    List<Reading> readings = points.stream().map(p -> new Reading("t", p.ts(), p.value())).toList();
    Reading more = new Reading("more", T0, new Value.Num(1));
    List<TelemetryMessage> messages =
        List.of(new TelemetryMessage("pump", readings), new TelemetryMessage(other, List.of(more)));
    return store.append(new TelemetryBatch(messages, readings.size() + 1));
  }

  private void assertKeptExactly(SqliteTelemetryStore store) {
    SeriesRange all = new SeriesRange("pump", "t", 0, Long.MAX_VALUE);
    assertThat(Results.answer(store.read(all, Integer.MAX_VALUE))).isEqualTo(acknowledged);
  }

  /** Location for a store that can be filled. */
  interface SmallDisk extends AutoCloseable {
    SqliteTelemetryStore open() throws IOException, SQLException;

    void fill() throws IOException, SQLException;

    /** The expected error message. */
    String complaint();

    void freeSpace() throws IOException, SQLException;

    @Override
    void close() throws IOException;

    static Optional<SmallDisk> quota(Path directory) {
      return Optional.of(new Quota(directory));
    }

    static Optional<SmallDisk> tmpfs(Path directory) throws IOException {
      return TmpfsQuota.mount(directory);
    }
  }
}
