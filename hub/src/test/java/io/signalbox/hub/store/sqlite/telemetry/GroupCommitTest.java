package io.signalbox.hub.store.sqlite.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.TelemetryStoreFixture;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches share commits, and are refused when too many wait. */
class GroupCommitTest extends TelemetryStoreFixture {
  private static final int QUEUE = 500;

  @TempDir Path directory;

  @Override
  protected TelemetryStore open() throws IOException {
    TelemetrySettings slow =
        new TelemetrySettings(Duration.ZERO, Duration.ofMillis(500), 360, QUEUE, 1 << 20, 1 << 20);
    return SqliteTelemetryStore.open(directory, slow, HubClock.ofSystem());
  }

  @Test
  void batches_within_the_linger_time_share_a_commit() {
    append("pump", new Reading("t", T0, num(0)));
    List<Future<BatchResult>> sent = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      sent.add(store.append(batch(T0 + i, 1)));
    }
    sent.forEach(Results::answer);
    assertThat(read("pump", "t")).hasSize(101);
    assertThat(counters().readings()).isEqualTo(101);
    // One for the first, and a few for those that arrived during the linger time.
    assertThat(counters().commits()).isLessThanOrEqualTo(4);
  }

  @Test
  void batches_beyond_the_queue_limit_are_refused_and_not_stored() {
    append("pump", new Reading("t", T0, num(0)));
    Future<BatchResult> waits = store.append(batch(T0 + 1, QUEUE));
    Refusal refusal = Results.refusal(store.append(batch(T0 + 10_000, 1)));
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
    assertThat(refusal.detail()).startsWith("the telemetry store is behind: 501 readings wait");
    Results.answer(waits);
    assertThat(read("pump", "t")).hasSize(1 + QUEUE);
    assertThat(counters().refused()).isEqualTo(1);
    assertThat(counters().waiting()).isZero();
    append("pump", new Reading("t", T0 + 10_000, num(0)));
  }

  private TelemetryCounters counters() {
    return ((SqliteTelemetryStore) store).counters();
  }

  private static TelemetryBatch batch(long from, int readings) {
    List<TelemetryMessage> messages = new ArrayList<>();
    for (int i = 0; i < readings; i++) {
      messages.add(new TelemetryMessage("pump", List.of(new Reading("t", from + i, num(i)))));
    }
    return new TelemetryBatch(messages, readings);
  }
}
