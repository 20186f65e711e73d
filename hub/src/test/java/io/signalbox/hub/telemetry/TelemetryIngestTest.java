package io.signalbox.hub.telemetry;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order of ingestion, store and feed, with a store that answers as the test says. */
@Timeout(400)
class TelemetryIngestTest {
  private static final int BATCH = 4;
  private final Refusal full = new Refusal(ErrorCode.UNAVAILABLE, "the disk is full");

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = ((VertxInternal) vertx).createEventLoopContext();
  private final Topic<TelemetryBatch> topic = Topic.of(vertx, "telemetry");
  private final HeldTelemetryStore store = new HeldTelemetryStore();
  private final IngestMetrics metrics = new IngestMetrics();
  private final TelemetryIngest ingest = ingest(BATCH, 1_000);

  /** Publications and reports in order, such as {@code published a1 a2}, {@code stored a1}. */
  private final List<String> log = new CopyOnWriteArrayList<>();

  private TelemetryIngest ingest(int batch, int pending) {
    return new TelemetryIngest(
        loop, store.port(), topic, new IngestSettings(batch, pending), metrics);
  }

  @BeforeEach
  void follow() {
    topic.listen(batch -> log.add("published " + numbers(batch)));
  }

  @AfterEach
  void close() {
    answer(vertx.close());
  }

  private static String numbers(TelemetryBatch batch) {
    Stream<String> numbers =
        batch.messages().stream()
            .map(message -> message.device() + message.readings().getFirst().ts());
    return String.join(" ", numbers.toList());
  }

  private final class Sender implements TelemetryIngest.AckListener {
    private final String device;

    Sender(String device) {
      this.device = device;
    }

    @Override
    public void stored(long seq) {
      log.add("stored " + device + seq);
    }

    @Override
    public void refused(long seq, Refusal refusal) {
      log.add("refused " + device + seq + ": " + refusal.detail());
    }

    @Override
    public void settled() {
      String last = log.getLast();
      if (!last.equals("ack " + device)) {
        log.add("ack " + device);
      }
    }
  }

  private void onLoop(Runnable task) {
    answer(
        Future.<Void>future(
            done ->
                loop.runOnContext(
                    turn -> {
                      task.run();
                      done.complete();
                    })));
  }

  private static TelemetryMessage message(String device, long seq) {
    Reading reading = new Reading("n", seq, new Value.Num((double) seq));
    return new TelemetryMessage(device, List.of(reading));
  }

  private void accept(TelemetryIngest to, String device, long seq) {
    to.accept(message(device, seq), new Sender(device), seq);
  }

  /** Accepts messages of a device in one turn, and waits until the store has them. */
  private void accept(String device, int from, int to) {
    int before = messagesInStore();
    onLoop(() -> IntStream.rangeClosed(from, to).forEach(seq -> accept(ingest, device, seq)));
    await().until(() -> messagesInStore() == before + to - from + 1);
  }

  private int messagesInStore() {
    return store.batches.stream().mapToInt(batch -> batch.messages().size()).sum();
  }

  private void awaitLog(String last) {
    await().untilAsserted(() -> assertThat(log).contains(last));
  }

  /** Several turns of the loop in which an early publication or report would have happened. */
  private void someTurns() {
    IntStream.range(0, 5).forEach(turn -> onLoop(() -> {}));
  }

  @Test
  void nothing_is_published_or_acknowledged_before_it_is_stored() {
    accept("a", 1, 2);
    someTurns();
    assertThat(log).isEmpty();

    store.store(0);

    awaitLog("ack a");
    assertThat(log).containsExactly("published a1 a2", "stored a1", "stored a2", "ack a");
    assertThat(metrics.messages()).isEqualTo(2);
    assertThat(metrics.waiting()).isZero();
  }

  @Test
  void a_refused_message_is_neither_published_nor_acknowledged_while_its_neighbours_are() {
    onLoop(
        () -> {
          accept(ingest, "a", 1);
          accept(ingest, "b", 1);
          accept(ingest, "c", 1);
        });
    await().until(() -> messagesInStore() == 3);

    store.storeInPart(0, null, full);

    awaitLog("ack c");
    assertThat(log)
        .startsWith("published a1 c1", "stored a1", "refused b1: the disk is full", "stored c1");
    assertThat(metrics.messages()).isEqualTo(2);
    assertThat(metrics.readings()).isEqualTo(2);
    assertThat(metrics.refused()).isEqualTo(1);
    assertThat(metrics.waiting()).isZero();
  }

  @Test
  void nothing_of_a_refused_batch_is_published() {
    accept("a", 1, 2);

    store.fail(0, full);

    awaitLog("ack a");
    assertThat(log)
        .containsExactly("refused a1: the disk is full", "refused a2: the disk is full", "ack a");
    assertThat(metrics.refused()).isEqualTo(2);
  }

  @Test
  void an_error_of_the_store_refuses_the_batch_and_not_the_next_one() {
    accept("a", 1, 1);
    store.fail(0, new IllegalStateException("broken"));
    accept("a", 2, 2);
    store.store(1);

    awaitLog("stored a2");
    assertThat(log)
        .containsSubsequence(
            "refused a1: the readings could not be stored; send them again later",
            "published a2",
            "stored a2");
  }

  @Test
  void an_early_answer_waits_for_the_batches_before() {
    accept("a", 1, 1);
    accept("a", 2, 2);
    accept("a", 3, 3);

    store.store(2);
    store.store(1);
    someTurns();
    assertThat(log).isEmpty();

    store.fail(0, full);
    awaitLog("stored a3");
    assertThat(log)
        .containsSubsequence(
            "published a2 a3", "refused a1: the disk is full", "stored a2", "stored a3", "ack a");
  }

  @Test
  void batches_that_are_stored_together_are_published_together_up_to_a_full_batch() {
    accept("a", 1, 3);
    accept("a", 4, 6);
    accept("a", 7, 8);

    onLoop(() -> IntStream.range(0, 3).forEach(store::store));

    awaitLog("ack a");
    assertThat(log).startsWith("published a1 a2 a3 a4 a5 a6", "published a7 a8", "stored a1");
    assertThat(log.stream().filter("ack a"::equals)).hasSize(1);
  }

  @Test
  void many_answers_at_a_time_are_settled_in_order() {
    int many = 300;
    for (int i = 1; i <= many; i++) {
      int seq = i;
      onLoop(() -> accept(ingest, "a", seq)); // a turn and a batch each
    }
    await().until(() -> store.batches.size() == many);

    onLoop(() -> IntStream.range(0, many).forEach(store::store));

    awaitLog("stored a" + many);
    assertThat(log.stream().filter(line -> line.startsWith("stored")))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, many).mapToObj(seq -> "stored a" + seq).toList());
  }

  @Test
  void a_failing_subscriber_or_sender_takes_no_acknowledgement_from_others() {
    topic.listen(
        batch -> {
          throw new IllegalStateException("subscriber");
        });
    onLoop(
        () -> {
          ingest.accept(message("x", 1), new FailingSender(), 1);
          accept(ingest, "a", 1);
        });
    await().until(() -> messagesInStore() == 2);

    store.store(0);

    awaitLog("ack a");
    accept("a", 2, 2);
    store.store(1);
    awaitLog("stored a2");
  }

  /** Fails at every call. */
  private static final class FailingSender implements TelemetryIngest.AckListener {
    @Override
    public void stored(long seq) {
      throw new IllegalStateException("sender");
    }

    @Override
    public void refused(long seq, Refusal refusal) {
      throw new IllegalStateException("sender");
    }

    @Override
    public void settled() {
      throw new IllegalStateException("sender");
    }
  }

  @Test
  void unsettled_readings_are_bounded_also_while_an_early_answer_waits() {
    TelemetryIngest small = ingest(BATCH, 4);
    List<String> resumed = new CopyOnWriteArrayList<>();
    onLoop(
        () -> {
          IntStream.rangeClosed(1, 4).forEach(seq -> accept(small, "a", seq));
          assertThat(small.isFull()).isTrue();
          small.whenCapacity(() -> resumed.add("resumed"));
          IntStream.rangeClosed(5, 8).forEach(seq -> accept(small, "a", seq));
        });
    store.store(1);
    someTurns();
    assertThat(resumed).isEmpty();
    onLoop(() -> assertThat(small.isFull()).isTrue());

    store.store(0);

    await().until(() -> resumed.size() == 1);
    onLoop(() -> assertThat(small.isFull()).isFalse());
  }

  @Test
  void all_accepted_messages_are_settled_before_the_ingestion_is() {
    Future<Void> settled =
        Future.future(
            done ->
                loop.runOnContext(
                    turn -> {
                      accept(ingest, "a", 1);
                      ingest.awaitSettled().onComplete(done);
                    }));
    await().until(() -> messagesInStore() == 1);
    someTurns();
    assertThat(settled.isComplete()).isFalse();

    store.store(0);

    answer(settled);
    assertThat(log).containsExactly("published a1", "stored a1", "ack a");
    answer(Future.future(done -> onLoop(() -> ingest.awaitSettled().onComplete(done))));
  }
}
