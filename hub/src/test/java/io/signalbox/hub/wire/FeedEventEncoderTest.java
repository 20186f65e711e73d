package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Encoding of feed events: a head per subscription and a shared tail. */
class FeedEventEncoderTest {
  private static final TelemetryMessage MESSAGE =
      new TelemetryMessage(
          "pump-7",
          List.of(
              reading("temperature", 5, new Value.Num(21.4)),
              reading("mode", 5, new Value.Text("größer \"als\" 😀\n")),
              reading("temperature", 6, new Value.Num(-0.0)),
              reading("at", 6, new Value.Json("{\"ort\":\"Köln\"}")),
              reading("on", 5, new Value.Flag(true))));

  private static Reading reading(String metric, long ts, Value value) {
    return new Reading(metric, ts, value);
  }

  @Test
  void readings_with_one_timestamp_are_one_event() throws Exception {
    assertThat(texts(FeedEventEncoder.telemetry(MESSAGE)))
        .containsExactly(
            "\"device\":\"pump-7\",\"ts\":5,\"values\":{\"temperature\":21.4,"
                + "\"mode\":\"größer \\\"als\\\" 😀\\n\"}}",
            "\"device\":\"pump-7\",\"ts\":6,\"values\":{\"temperature\":-0.0,"
                + "\"at\":{\"ort\":\"Köln\"}}}",
            "\"device\":\"pump-7\",\"ts\":5,\"values\":{\"on\":true}}");
  }

  @Test
  void a_metric_subscription_gets_only_those_metrics() {
    assertThat(texts(FeedEventEncoder.telemetry(MESSAGE, Set.of("temperature"))))
        .containsExactly(
            "\"device\":\"pump-7\",\"ts\":5,\"values\":{\"temperature\":21.4}}",
            "\"device\":\"pump-7\",\"ts\":6,\"values\":{\"temperature\":-0.0}}");
    assertThat(FeedEventEncoder.telemetry(MESSAGE, Set.of("pressure"))).isEmpty();
  }

  @Test
  void a_conflated_event_contains_its_message_count() {
    List<Reading> newest = List.of(reading("a", 7, new Value.Num(1)));
    assertThat(text(FeedEventEncoder.tail("d", newest, 12)))
        .isEqualTo("\"device\":\"d\",\"ts\":7,\"values\":{\"a\":1},\"count\":12}");
  }

  @Test
  void head_and_tail_form_an_event() throws Exception {
    ByteBuf frame = Unpooled.buffer();
    FeedEventEncoder.write(
        frame,
        FeedEventEncoder.Type.TELEMETRY,
        3,
        "e-42",
        FeedEventEncoder.telemetry(MESSAGE).getFirst());
    assertThat(text(SampleFrames.bytes(frame)))
        .startsWith("{\"type\":\"telemetry\",\"id\":3,\"cursor\":\"e-42\",\"device\":\"pump-7\",");

    ByteBuf bare = Unpooled.buffer();
    FeedEventEncoder.write(
        bare,
        FeedEventEncoder.Type.TELEMETRY,
        StreamMessage.NO_ID,
        FeedEventEncoder.telemetry(MESSAGE).getFirst());
    byte[] event = SampleFrames.bytes(bare);
    assertThat(text(event)).startsWith("{\"type\":\"telemetry\",\"device\":\"pump-7\",");
    assertThat(new ObjectMapper().readTree(event).get("ts").intValue()).isEqualTo(5);
  }

  @Test
  void other_events_contain_the_whole_object() {
    assertThat(text(FeedEventEncoder.presence(new Event.PresenceChanged("d", ApiJsonTest.NEVER))))
        .isEqualTo(
            "\"device\":\"d\",\"presence\":{\"state\":\"offline\",\"since\":5,"
                + "\"cause\":\"never-seen\"}}");
    assertThat(text(FeedEventEncoder.twin(new Event.TwinChanged("d", Twin.EMPTY))))
        .isEqualTo(
            "\"device\":\"d\",\"twin\":{\"device\":\"d\",\"desired\":{\"version\":0,\"state\":{}},"
                + "\"reported\":{\"version\":0,\"state\":{}},\"delta\":{}}}");
    assertThat(
            text(
                FeedEventEncoder.device(
                    new Event.DeviceChanged("d", Event.Change.CREATED, Map.of()))))
        .isEqualTo("\"device\":\"d\",\"change\":\"created\"}");
  }

  @Test
  void a_type_event_contains_the_version_and_not_the_definition() {
    assertThat(
            text(
                FeedEventEncoder.deviceType(
                    new Event.DeviceTypeChanged("ven\"til", Event.Change.UPDATED, 3))))
        .isEqualTo("\"name\":\"ven\\\"til\",\"change\":\"updated\",\"version\":3}");
  }

  @Test
  void a_job_event_contains_the_whole_job_and_no_device() throws Exception {
    JobSpec order =
        new JobSpec(
            "start",
            "{\"a\":1.0}",
            Duration.ofMinutes(1),
            7L,
            "k",
            "[]",
            new Selector("pump", Map.of("site", "ghent")),
            3,
            new FailureThreshold(0.5, 2));
    Job job = new Job("j1", order, 5, "ann", Job.State.ABORTED, 9L, "why", 2, Counts.waiting(2), 4);
    byte[] tail = FeedEventEncoder.job(new Event.JobChanged(job));
    assertThat(text(tail))
        .startsWith(
            "\"job\":{\"id\":\"j1\",\"name\":\"start\",\"params\":{\"a\":1.0},"
                + "\"state\":\"aborted\",\"created\":5,\"by\":\"ann\",\"ended\":9,"
                + "\"reason\":\"why\",\"ttl\":60,\"notBefore\":7,\"collapse\":\"k\","
                + "\"metadata\":[],\"maxConcurrent\":3,\"abort\":{\"failureRate\":0.5,\"minFinished\":2},"
                + "\"devices\":{\"total\":2,\"type\":\"pump\",\"labels\":{\"site\":\"ghent\"}},"
                + "\"counts\":{\"waiting\":2,\"queued\":0,")
        .endsWith("\"skipped\":0},\"version\":4}}");
    assertThat(new ObjectMapper().readTree("{" + text(tail)).at("/job/counts")).hasSize(12);
  }

  @Test
  void large_events_are_encoded_completely() throws Exception {
    Value text = new Value.Text("x".repeat(4096));
    List<Reading> many = IntStream.range(0, 100).mapToObj(i -> reading("m" + i, 5, text)).toList();
    byte[] tail = FeedEventEncoder.telemetry(new TelemetryMessage("d", many)).getFirst();
    assertThat(new ObjectMapper().readTree("{" + text(tail)).get("values")).hasSize(100);
    assertThat(texts(FeedEventEncoder.telemetry(MESSAGE))).hasSize(3);
  }

  private static List<String> texts(List<byte[]> tails) {
    return tails.stream().map(FeedEventEncoderTest::text).toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
