package io.signalbox.hub.store.telemetry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.model.Value;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunk encoding is lossless. */
class ChunkCodecTest {
  private static final long T0 = 1_780_000_000_000L;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void all_numbers_survive_a_round_trip_exactly(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int size = 1 + random.nextInt(500);
      PointBlock block = new PointBlock(size);
      IntFunction<Value> sort = sortOfNumbers(random);
      long ts = random.nextInt(4) == 0 ? random.nextLong() >> 2 : T0;
      for (int i = 0; i < size; i++) {
        block.add(ts, sort.apply(i));
        ts += 1 + beat(random, round);
      }
      assertSame(block, ChunkCodec.decode(ChunkCodec.encode(block)));
    }
  }

  private static long beat(Random random, int round) {
    return switch (round % 4) {
      case 0 -> 999;
      case 1 -> random.nextInt(2000);
      case 2 -> random.nextInt(50) == 0 ? 3_600_000 : 59_999;
      default -> random.nextLong(1L << 40);
    };
  }

  private static IntFunction<Value> sortOfNumbers(Random random) {
    int seqs = random.nextInt(12);
    double magnitude = Math.pow(10, random.nextInt(40) - 20);
    long[] walk = {random.nextInt(100_000)};
    return switch (random.nextInt(8)) {
      case 0 -> i -> num((walk[0] += random.nextInt(21) - 10) / Math.pow(10, seqs));
      case 1 -> i -> num(Double.longBitsToDouble(random.nextLong()));
      case 2 -> i -> num(random.nextGaussian() * magnitude);
      case 3 -> i -> num(42);
      case 4 -> i -> num(random.nextBoolean() ? 0.0 : -0.0);
      case 5 -> i -> num((double) (random.nextLong() >> random.nextInt(60)));
      case 6 -> i -> num(Math.sin(i / 10.0));
      default -> i -> num(i % 100 == 0 ? Double.MAX_VALUE : i / 10.0);
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void values_of_all_types_survive_a_round_trip(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(300);
      int runs = 1 + random.nextInt(20);
      PointBlock block = new PointBlock(4);
      Value value = any(random);
      for (int i = 0; i < size; i++) {
        value = random.nextInt(runs) == 0 ? any(random) : value;
        block.add(T0 + i * 1000L + random.nextInt(900), value);
      }
      assertSame(block, ChunkCodec.decode(ChunkCodec.encode(block)));
    }
  }

  private static Value any(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> num(random.nextDouble());
      case 1 -> new Value.Flag(random.nextBoolean());
      case 2 -> new Value.Text(text(random, 1 + random.nextInt(40)));
      case 3 -> new Value.Text(random.nextBoolean() ? "on" : "off");
      default -> new Value.Json("{\"state\":\"" + "idle ".repeat(random.nextInt(30)) + "\"}");
    };
  }

  /** Random characters, including lone surrogates. */
  private static String text(Random random, int length) {
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) (random.nextInt(10) == 0 ? random.nextInt(65_536) : random.nextInt(127));
    }
    return new String(chars);
  }

  @Test
  void a_sensor_with_one_decimal_takes_about_one_byte_per_reading() {
    Random random = new Random(5);
    PointBlock block = new PointBlock(360);
    long tenths = 210;
    for (int i = 0; i < 360; i++) {
      tenths += random.nextInt(5) - 2;
      block.add(T0 + i * 1000L, num(tenths / 10.0));
    }
    assertThat(ChunkCodec.encode(block).length).isLessThan(360 * 13 / 10);
  }

  @Test
  void a_constant_switch_takes_almost_no_space() {
    PointBlock block = new PointBlock(360);
    IntStream.range(0, 360).forEach(i -> block.add(T0 + i * 1000L, new Value.Flag(true)));
    assertThat(ChunkCodec.encode(block).length).isLessThan(32);
  }

  @Test
  void any_damage_is_detected() {
    Random random = new Random(6);
    PointBlock block = new PointBlock(100);
    IntStream.range(0, 100).forEach(i -> block.add(T0 + i * 1000L, num(random.nextInt(50))));
    byte[] body = ChunkCodec.encode(block);
    for (int i = 0; i < body.length; i++) {
      byte[] damaged = body.clone();
      damaged[i] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> ChunkCodec.decode(damaged)).isInstanceOf(CorruptDataException.class);
      byte[] cut = java.util.Arrays.copyOf(body, i);
      assertThatThrownBy(() -> ChunkCodec.decode(cut)).isInstanceOf(CorruptDataException.class);
    }
  }

  private static void assertSame(PointBlock expected, PointBlock got) {
    assertThat(got.size()).isEqualTo(expected.size());
    for (int i = 0; i < got.size(); i++) {
      assertThat(got.ts(i)).isEqualTo(expected.ts(i));
      if (expected.isNumber(i)) {
        assertThat(Double.doubleToRawLongBits(got.number(i)))
            .isEqualTo(Double.doubleToRawLongBits(expected.number(i)));
      } else {
        assertThat(got.value(i)).isEqualTo(expected.value(i));
      }
    }
  }

  private static Value num(double number) {
    return new Value.Num(number);
  }
}
