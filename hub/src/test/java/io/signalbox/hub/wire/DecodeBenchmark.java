package io.signalbox.hub.wire;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Benchmark of reading and writing a small frame: nanoseconds of CPU and allocated bytes, best of
 * five rounds. Run it manually; it is not a test.
 *
 * <p>November 2026, two shared cores of x86-64, Temurin 25:
 *
 * <pre>
 * two readings, fast path                       89 ns    272 bytes
 * two readings, general decoder                375 ns   1536 bytes
 * a timestamp and 17 digits, fast path         165 ns    280 bytes
 * a timestamp and 17 digits, general decoder   456 ns   1576 bytes
 * live event of one reading                     96 ns    232 bytes
 * </pre>
 */
public final class DecodeBenchmark {
  private static final int ROUNDS = 5;
  private static final int CALLS = 2_000_000;
  private static final long NOW = 1_764_000_000_000L;

  private DecodeBenchmark() {}

  /** Prints one line for each case. */
  public static void main(String[] args) throws Exception {
    String small = "{\"type\":\"telemetry\",\"seq\":12,\"values\":{\"v\":1.5,\"t\":123456789}}";
    String digits =
        "{\"type\": \"telemetry\", \"seq\": 12, \"ts\": 1764000000000, \"values\":"
            + " {\"temperature\": 21.437819283712345}}";
    decode("two readings", small);
    decode("a timestamp and 17 digits", digits);
    TelemetryMessage message =
        new TelemetryMessage(
            "pump-7", List.of(new Reading("temperature", NOW, new Value.Num(21.4))));
    measure("live event of one reading", () -> FeedEventEncoder.telemetry(message));
  }

  private static void decode(String name, String json) throws Exception {
    ByteBuf heap = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    ByteBuf direct = Unpooled.directBuffer().writeBytes(heap.duplicate());
    measure(name + ", decode", () -> decoded(heap));
    measure(name + ", decode from a direct buffer", () -> decoded(direct));
    measure(name + ", general reader alone", () -> general(heap));
  }

  private static DeviceMessage decoded(ByteBuf frame) {
    return DeviceFrameCodec.decode(Encoding.JSON, frame, "pump-7", NOW, PayloadLimits.STANDARD);
  }

  private static DeviceMessage general(ByteBuf frame) throws IOException {
    Frame bytes = Frame.of(Encoding.JSON, frame).requireText();
    return DeviceFrameDecoder.read(
        bytes, new MessageContext("pump-7", NOW), PayloadLimits.STANDARD);
  }

  private static void measure(String name, Callable<?> work) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    long allocated = 0;
    Object last = "";
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < CALLS; i++) {
        last = work.call();
      }
      best = Math.min(best, (threads.getCurrentThreadCpuTime() - start) / (double) CALLS);
      allocated = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
    boolean done = last != null;
    System.out.printf("%-60s %6.0f ns %6d bytes %b%n", name, best, allocated, done);
  }
}
