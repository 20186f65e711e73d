package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.wire.FeedEventEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Updates with a rate, on a manual clock. */
class ConflatingReaderTest {
  private final EventFeed feed =
      new EventFeed(
          new FeedSettings(65_536, 64, 64, 30, 20_000), new ManualClock(1_700_000_000_000L));
  private final Subscription subscription =
      new Subscription(
          1, new Filter(EnumSet.of(FeedTopic.TELEMETRY), null, Set.of()), 2, null, null);
  private final SubscriptionGroup group =
      SubscriptionGroup.start(List.of(subscription), feed.present(), 0);
  private final ConflatingReader reader =
      new ConflatingReader(group, subscription, feed.present(), 0);
  private final RecordingSink sink = new RecordingSink();

  private void publish(String device) {
    Reading reading = new Reading("n", 1_000, new Value.Num(1));
    feed.append(new TelemetryBatch(List.of(new TelemetryMessage(device, List.of(reading))), 1));
  }

  /** Keeps all events. */
  private static final class RecordingSink implements EventSink {
    private final List<String> events = new ArrayList<>();

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void event(FeedEventEncoder.Type type, long id, byte[] tail, String cursor) {
      events.add(new String(tail, StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_device_is_forgotten_when_its_interval_is_over() {
    long now = 1_000_000;
    for (int i = 0; i < 10_000; i++) {
      publish("device-" + i);
      now += 1;
      reader.deliver(sink, now);
      assertThat(reader.remembered()).isLessThanOrEqualTo(500);
    }
    assertThat(sink.events).hasSize(10_000);
    now += 500;
    reader.deliver(sink, now);
    assertThat(reader.remembered()).isZero();
  }

  @Test
  void a_device_is_sent_once_per_interval_whatever_the_others() {
    long now = 1_000_000;
    publish("a");
    reader.deliver(sink, now);
    publish("a");
    for (int i = 0; i < 499; i++) {
      publish("other-" + i);
      reader.deliver(sink, ++now);
    }
    publish("a");
    reader.deliver(sink, ++now);
    // Two of the one device, the second for two messages, and one of each other device.
    assertThat(sink.events).hasSize(501);
  }

  private void publish(Set<Reading> misfits, Reading... readings) {
    TelemetryMessage message = new TelemetryMessage("a", List.of(readings), misfits);
    feed.append(new TelemetryBatch(List.of(message), readings.length));
  }

  @Test
  void a_mark_belongs_to_the_newest_reading_of_its_metric() {
    Reading early = new Reading("n", 1_000, new Value.Text("x"));
    Reading late = new Reading("m", 3_000, new Value.Text("x"));
    Reading older = new Reading("k", 2_000, new Value.Text("x"));
    publish(Set.of(early, older), early, older, new Reading("m", 1_000, new Value.Num(1)));
    publish(
        Set.of(late),
        new Reading("n", 2_000, new Value.Num(2)),
        new Reading("k", 1_000, new Value.Num(2)),
        late);
    reader.deliver(sink, 1_000_000);

    assertThat(sink.events)
        .containsExactly(
            "\"device\":\"a\",\"ts\":2000,\"values\":{\"n\":2,\"k\":\"x\"},\"misfits\":[\"k\"]}",
            "\"device\":\"a\",\"ts\":3000,\"values\":{\"m\":\"x\"},\"misfits\":[\"m\"]}");
    sink.events.clear();
    publish(Set.of(late), late);
    publish(4_000, 1);
    TelemetryMessage fits =
        new TelemetryMessage("a", List.of(new Reading("m", 4_000, new Value.Num(1))));
    feed.append(new TelemetryBatch(List.of(fits), 1));
    reader.deliver(sink, 2_000_000);
    assertThat(sink.events)
        .singleElement()
        .asString()
        .contains("\"ts\":4000")
        .doesNotContain("misfits");
  }

  private void publish(long ts, double value) {
    Reading reading = new Reading("n", ts, new Value.Num(value));
    feed.append(new TelemetryBatch(List.of(new TelemetryMessage("a", List.of(reading))), 1));
  }

  @Test
  void a_reading_from_the_future_does_not_hide_what_arrives_after_it() {
    long now = feed.clock().wallMillis();
    publish(now + 23 * 3_600_000, 1);
    publish(now, 2);
    publish(now - 1_000, 3);
    reader.deliver(sink, 1_000_000);

    assertThat(sink.events).singleElement().asString().contains("\"n\":2");
  }
}
