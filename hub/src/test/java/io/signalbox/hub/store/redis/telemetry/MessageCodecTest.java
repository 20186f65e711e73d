package io.signalbox.hub.store.redis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.ByteSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
  private static final long T0 = 1_780_000_000_000L;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 15, 16, 17, 40, 1_000})
  void messages_are_read_as_they_were_written(int most) {
    Random random = new Random(most);
    ByteSink sink = new ByteSink(16);
    sink.u64(7);
    List<Reading> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      List<Reading> readings = new ArrayList<>();
      for (int k = random.nextInt(most); k >= 0; k--) {
        String metric = "naïve " + random.nextInt(1 + most / 2);
        readings.add(new Reading(metric, T0 + random.nextInt(9_000), new Value.Num(k / 10.0)));
      }
      MessageCodec.write(sink, new TelemetryMessage("pump", readings), T0 + i);
      sent.addAll(readings);
    }

    List<Reading> read = new ArrayList<>();
    MessageCodec.read(
        sink.toBytes(), (metric, ts, value, arrival) -> read.add(new Reading(metric, ts, value)));

    assertThat(read).isEqualTo(sent);
  }
}
