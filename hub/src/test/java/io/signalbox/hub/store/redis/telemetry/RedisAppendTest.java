package io.signalbox.hub.store.redis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.TelemetryStoreFixture;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Appends to several partitions, what they publish, and the newest reading. */
class RedisAppendTest extends TelemetryStoreFixture {
  private final RedisTelemetry redis = new RedisTelemetry();
  private final RedisLink link = redis.link();
  private final ManualClock clock = new ManualClock(T0);

  @Override
  protected TelemetryStore open() {
    return redis.open(RedisTelemetrySettings.DEFAULTS, clock);
  }

  @AfterEach
  @Override
  protected void closeStore() {
    super.closeStore();
    redis.close();
  }

  @Test
  void a_partition_that_fails_refuses_its_messages_and_the_others_are_stored() {
    String broken = "d0";
    String working = inAnotherPartition(broken);
    await(link.send(Request.cmd(Command.LPUSH).arg(redis.keys().of(broken, "open")).arg("x")));
    TelemetryBatch batch =
        new TelemetryBatch(
            List.of(message(working, 1), message(broken, 2), message(working, 3)), 3);

    BatchResult result = await(store.append(batch));

    assertThat(result.refusal(0)).isNull();
    assertThat(result.refusal(1))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(result.refusal(2)).isNull();
    assertThat(store.trouble()).isNotNull();
    assertThat(read(working, "t"))
        .containsExactly(new Point(T0 + 1, num(1)), new Point(T0 + 3, num(3)));

    await(link.send(Request.cmd(Command.DEL).arg(redis.keys().of(broken, "open"))));
    appendAll(new TelemetryBatch(List.of(message(broken, 2)), 1));
    assertThat(store.trouble()).isNull();
  }

  @Test
  void a_batch_of_which_nothing_is_stored_fails() {
    await(link.send(Request.cmd(Command.LPUSH).arg(redis.keys().of("d0", "open")).arg("x")));

    Refusal refusal =
        Results.refusal(store.append(new TelemetryBatch(List.of(message("d0", 1)), 1)));

    assertThat(refusal.kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(store.statistics().pending()).isZero();
  }

  @Test
  void too_many_waiting_readings_are_refused() {
    await(store.close());
    store =
        redis.open(
            new RedisTelemetrySettings(
                Duration.ZERO,
                Duration.ZERO,
                8,
                1,
                100,
                Duration.ofMinutes(1),
                0,
                Duration.ofHours(1)),
            clock);
    List<TelemetryMessage> two = List.of(message("d0", 1), message("d0", 2));

    assertThat(Results.refusal(store.append(new TelemetryBatch(two, 2))).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    appendAll(new TelemetryBatch(List.of(message("d0", 3)), 1));
    assertThat(read("d0", "t")).containsExactly(new Point(T0 + 3, num(3)));
  }

  @Test
  void what_is_stored_is_published_to_the_stream_of_its_partition() {
    String other = inAnotherPartition("d0");
    TelemetryBatch batch =
        new TelemetryBatch(List.of(message("d0", 1), message(other, 2), message("d0", 3)), 3);
    appendAll(batch);

    assertThat(published("d0")).containsSubsequence("n", "node-1", "e").hasSize(4);
    assertThat(published("d0").getLast()).contains("d0").doesNotContain(other);
    assertThat(published(other).getLast()).contains(other).doesNotContain("d0");
  }

  /** Fields and values of the only entry. */
  private List<String> published(String device) {
    Request request =
        Request.cmd(Command.XRANGE)
            .arg(redis.keys().of(device, "events").replace(':' + device, ""));
    Response entries = await(link.send(request.arg("-").arg("+")));
    assertThat(entries.size()).isEqualTo(1);
    return entries.get(0).get(1).stream().map(Response::toString).toList();
  }

  private String inAnotherPartition(String device) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "d" + i)
        .filter(each -> redis.keys().partitionOf(each) != redis.keys().partitionOf(device))
        .findFirst()
        .orElseThrow();
  }

  private static TelemetryMessage message(String device, int value) {
    return new TelemetryMessage(device, List.of(new Reading("t", T0 + value, num(value))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_reading_from_the_future_does_not_hide_later_arrivals(boolean sealed) {
    append("pump", new Reading("t", T0 + Duration.ofHours(23).toMillis(), num(1)));
    sealIf(sealed);
    assertThat(shown()).isEqualTo(1);
    clock.advance(1_000);

    append("pump", new Reading("t", clock.get(), num(2)));
    sealIf(sealed);
    assertThat(shown()).isEqualTo(2);
    clock.advance(Duration.ofHours(30).toMillis());

    assertThat(shown()).as("also when that time has come").isEqualTo(2);
    assertThat(read("pump", "t")).hasSize(2);
  }

  private void sealIf(boolean sealed) {
    if (sealed) {
      assertThat(await(((RedisTelemetryStore) store).sealer().seal("pump"))).isTrue();
    }
  }

  private double shown() {
    Reading reading = Objects.requireNonNull(latest("pump").get("t"));
    return number(new Point(reading.ts(), reading.value()));
  }
}
