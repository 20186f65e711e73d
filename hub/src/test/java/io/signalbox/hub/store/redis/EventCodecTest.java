package io.signalbox.hub.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.redis.EventReader.CorruptEventsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
  private static final long NOW = 1_796_000_000_123L;

  private final EventCodec codec = new EventCodec();

  static Stream<Value> values() {
    return Stream.of(
        new Value.Num(0.0),
        new Value.Num(-0.0),
        new Value.Num(Double.NaN),
        new Value.Num(Double.longBitsToDouble(0x7ff8_0000_0000_0123L)),
        new Value.Num(Double.NEGATIVE_INFINITY),
        new Value.Num(Double.MIN_VALUE),
        new Value.Num(-Double.MAX_VALUE),
        new Value.Num(Long.MAX_VALUE),
        new Value.Num(1L << 53),
        new Value.Num(21.5),
        new Value.Num(-0.001),
        new Value.Num(0.1 + 0.2),
        new Value.Num(1e-4),
        new Value.Num(9_007_199_254.125),
        new Value.Flag(true),
        new Value.Flag(false),
        new Value.Text(""),
        new Value.Text("offen – 開 \ud83d\ude00"),
        new Value.Text("lone \ud83d surrogate"),
        new Value.Text("x".repeat(100_000)),
        new Value.Json("{\"a\":[1,\"é\"]}"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void a_value_is_read_bit_for_bit(Value value) {
    Event batch = batch(message("pump-7", new Reading("m", NOW, value)));

    TelemetryBatch read = (TelemetryBatch) roundTrip(batch);
    assertThat(read).isEqualTo(batch);
    if (value instanceof Value.Num num) {
      Value.Num same = (Value.Num) read.messages().getFirst().readings().getFirst().value();
      assertThat(Double.doubleToRawLongBits(same.number()))
          .isEqualTo(Double.doubleToRawLongBits(num.number()));
    }
  }

  @Test
  void random_numbers_are_read_bit_for_bit() {
    Random random = new Random(5);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      double number =
          i % 2 == 0
              ? Double.longBitsToDouble(random.nextLong())
              : random.nextInt() / Math.pow(10, random.nextInt(6));
      readings.add(new Reading("m" + random.nextInt(300), random.nextLong(), num(number)));
    }
    TelemetryBatch read = (TelemetryBatch) roundTrip(batch(new TelemetryMessage("a", readings)));

    assertThat(read.messages().getFirst().readings()).isEqualTo(readings);
  }

  @Test
  void messages_keep_their_order_and_their_marks() {
    Reading cold = new Reading("temperature", NOW, num(-3.25));
    Reading wet = new Reading("größe", NOW - 5_000, new Value.Text("much"));
    Event batch =
        batch(
            new TelemetryMessage("a", List.of(cold, wet, cold), Set.of(wet)),
            message("b", cold),
            message("a", wet, cold));

    assertThat(roundTrip(batch)).isEqualTo(batch);
  }

  static Stream<SessionEnd> ends() {
    return Stream.concat(
        Arrays.stream(SessionEnd.Cause.values()),
        Stream.of(
            new SessionEnd.Replaced("", 0),
            new SessionEnd.Replaced("[::1]:6011", 0),
            new SessionEnd.Replaced("10.0.0.9:6011", 30),
            new SessionEnd.ClosedWithCode(1009),
            new SessionEnd.Unknown("of a newer hub")));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void presence_keeps_how_a_session_ended(SessionEnd end) {
    Presence presence =
        new Presence(Presence.State.OFFLINE, NOW, end, Transport.MQTT, 77, "10.0.0.7:5121");

    assertRoundTrip(new Event.PresenceChanged("pump-7", presence));
  }

  @Test
  void presence_keeps_the_planned_contact_and_what_flaps() {
    Presence.Flapping flapping =
        new Presence.Flapping(Presence.Flapping.Kind.CONTESTED, 9, NOW, List.of("a:1", "b:2"));
    assertRoundTrip(
        new Event.PresenceChanged(
            "a",
            new Presence(
                Presence.State.ASLEEP, NOW, null, Transport.HTTP, 3, "x", NOW + 1, flapping)));
    assertRoundTrip(new Event.PresenceChanged("a", Presence.neverSeen(NOW)));
  }

  @Test
  void a_command_keeps_its_whole_timeline() {
    List<Command.Step> timeline =
        List.of(
            new Command.Step(Command.State.QUEUED, NOW, "n1", null, null, "ann", null),
            new Command.Step(
                Command.State.SENT, NOW + 5, "n2", 7L, Transport.HTTP, null, null, NOW + 9),
            new Command.Step(Command.State.FAILED, NOW + 8, "n2", 7L, Transport.HTTP, "a", "hot"));
    assertRoundTrip(new Event.CommandChanged(command(timeline, null)));
    assertRoundTrip(new Event.CommandChanged(command(timeline, "text é")));
  }

  private static Command command(List<Command.Step> timeline, @Nullable String text) {
    return new Command(
        "0190",
        "a",
        "open",
        "{}",
        NOW,
        NOW + 60_000,
        0,
        null,
        text,
        text,
        text,
        text,
        text,
        timeline);
  }

  @Test
  void a_job_keeps_its_specification_and_its_counts() {
    Job.Counts counts =
        new Job.Counts(Map.of(Job.ExecutionState.WAITING, 7, Job.ExecutionState.REFUSED, 300));
    Job.JobSpec all =
        new Job.JobSpec(
            "open",
            "{\"a\":1}",
            Duration.ofMillis(1_500),
            NOW,
            "key",
            "{}",
            new Job.Selector("pump", Map.of("site", "Köln")),
            5,
            new Job.FailureThreshold(0.1, 3));
    Job.JobSpec none = new Job.JobSpec("open", "{}", null, null, null, null, null, null, null);

    assertRoundTrip(
        new Event.JobChanged(
            new Job("j", all, NOW, "ann", Job.State.ABORTED, NOW, "why", 307, counts, 1L << 40)));
    assertRoundTrip(
        new Event.JobChanged(
            new Job("j", none, NOW, "ann", Job.State.RUNNING, null, null, 307, counts, 0)));
  }

  @Test
  void other_events_are_read_in_order() {
    List<Event> events =
        List.of(
            new Event.TwinChanged("a", new Twin(new Twin.Side(3, "{\"a\":1}"), Twin.Side.EMPTY)),
            new Event.DeviceChanged("a", Change.DESCRIBED, Map.of("site", "b", "row", "é")),
            new Event.DeviceChanged("a", Change.DELETED, Map.of()),
            new Event.DeviceTypeChanged("pump", Change.CREATED, 12));

    assertThat(codec.decode(codec.encode(events)))
        .isEqualTo(new EventCodec.Decoded(events, List.of()));
    assertThat(codec.encode(List.of())).isEmpty();
    assertThat(codec.decode(new byte[0]).events()).isEmpty();
  }

  @Test
  void the_change_of_an_api_key_is_no_event_of_the_feed() {
    ApiKeyChanged change = new ApiKeyChanged("key 1");

    assertThat(codec.decode(codec.encode(change)))
        .isEqualTo(new EventCodec.Decoded(List.of(), List.of(change)));
  }

  @Test
  void what_a_newer_version_writes_is_skipped() {
    Event known = new Event.DeviceTypeChanged("pump", Change.CREATED, 12);
    EventWriter out = new EventWriter(10);
    out.u8(1);
    out.varint(3);
    part(out, 99, "a kind that is not known");
    part(out, 7, "pump", "MELTED");
    byte[] one = codec.encode(List.of(known));
    for (int i = 2; i < one.length; i++) {
      out.u8(one[i]);
    }

    assertThat(codec.decode(out.toBytes()).events()).containsExactly(known);
    assertThat(codec.decode(new byte[] {2, 1, 2, 3}).events()).isEmpty();
  }

  @Test
  void fields_that_a_newer_version_appends_are_not_read() {
    EventWriter out = new EventWriter(10);
    out.u8(1);
    out.varint(1);
    part(out, 8, "key 1", "more");

    assertThat(codec.decode(out.toBytes()).apiKeys()).containsExactly(new ApiKeyChanged("key 1"));
  }

  private static void part(EventWriter out, int kind, String... texts) {
    out.u8(kind);
    int start = out.begin();
    List.of(texts).forEach(out::text);
    out.end(start);
  }

  @Test
  void bytes_that_are_cut_off_or_too_many_are_refused() {
    byte[] bytes = codec.encode(samples());
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(CorruptEventsException.class);
    }
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(CorruptEventsException.class)
        .hasMessage("damaged events: 1 bytes too many");
  }

  @Test
  void damaged_bytes_are_read_or_refused() {
    byte[] bytes = codec.encode(samples());
    Random random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] = (byte) random.nextInt();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        codec.decode(damaged);
      } catch (CorruptEventsException expected) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static List<Event> samples() {
    Job.JobSpec spec =
        new Job.JobSpec("o", "{}", Duration.ofHours(1), 1L, null, null, null, 5, null);
    return List.of(
        batch(message("a", new Reading("m", NOW, num(1.5)), new Reading("n", NOW, num(0.1 + 0.2)))),
        new Event.PresenceChanged("a", Presence.neverSeen(NOW)),
        new Event.CommandChanged(command(List.of(), "é")),
        new Event.JobChanged(
            new Job("j", spec, 1, "ann", Job.State.DONE, 9L, null, 4, Job.Counts.waiting(4), 1)),
        new Event.TwinChanged("a", Twin.EMPTY),
        new Event.DeviceChanged("a", Change.CREATED, Map.of("site", "b")));
  }

  private void assertRoundTrip(Event event) {
    assertThat(roundTrip(event)).isEqualTo(event);
  }

  private Event roundTrip(Event event) {
    EventCodec.Decoded decoded = codec.decode(codec.encode(List.of(event)));
    assertThat(decoded.apiKeys()).isEmpty();
    assertThat(decoded.events()).hasSize(1);
    return decoded.events().getFirst();
  }

  private static TelemetryBatch batch(TelemetryMessage... messages) {
    int readings = Stream.of(messages).mapToInt(message -> message.readings().size()).sum();
    return new TelemetryBatch(List.of(messages), readings);
  }

  private static TelemetryMessage message(String device, Reading... readings) {
    return new TelemetryMessage(device, List.of(readings));
  }

  private static Value num(double number) {
    return new Value.Num(number);
  }
}
