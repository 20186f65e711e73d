package io.signalbox.hub.store.telemetry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Value;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointBlockTest {
  @ParameterizedTest
  @ValueSource(longs = {100, 5000, Long.MAX_VALUE})
  void settling_keeps_the_last_value_of_each_timestamp(long spread) {
    Random random = new Random(spread);
    for (int round = 0; round < 50; round++) {
      PointBlock block = new PointBlock(0);
      TreeMap<Long, Value> truth = new TreeMap<>();
      for (int i = 0; i < 1 + round * 10; i++) {
        long ts = random.nextLong(spread) - spread / 2;
        Value value = round % 3 == 0 && i % 7 == 0 ? new Value.Text("text " + i) : new Value.Num(i);
        block.add(ts, value);
        truth.put(ts, value);
      }
      block.settle();
      assertThat(asMap(block)).containsExactlyEntriesOf(truth);
      assertThat(block.size()).isEqualTo(truth.size());
    }
  }

  private static Map<Long, Value> asMap(PointBlock block) {
    Map<Long, Value> map = new TreeMap<>();
    for (int i = 0; i < block.size(); i++) {
      map.put(block.ts(i), block.value(i));
    }
    return map;
  }
}
