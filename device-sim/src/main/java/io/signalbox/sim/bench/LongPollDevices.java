package io.signalbox.sim.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Devices that each hold one long poll on their own connection, answer each command with succeeded
 * and poll again. Plain sockets, so that the devices use little CPU compared to the measured hub.
 *
 * <p>Threading: may be used by any thread; each connection is confined to its event loop.
 */
final class LongPollDevices implements AutoCloseable {
  private static final int AT_ONCE = 200;
  private static final int WAIT_SECONDS = 60;
  private static final long LONGEST_MICROS = 60_000_000;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

  private final NetClient client;
  private final URI hub;
  private final int count;
  private final AtomicLongArray givenNanos;
  private final Recorder wakes = new Recorder(LONGEST_MICROS, 3);
  private final LongAdder held = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private volatile String problem = "";

  LongPollDevices(Vertx vertx, URI hub, int count) {
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    this.hub = hub;
    this.count = count;
    this.givenNanos = new AtomicLongArray(count);
  }

  /** Opens a connection for each device and starts polling, a few at a time. */
  Future<Void> poll() {
    Future<Void> done = Future.succeededFuture();
    for (int first = 0; first < count; first += AT_ONCE) {
      int from = first;
      done = done.compose(before -> poll(from, Math.min(count, from + AT_ONCE)));
    }
    return done;
  }

  private Future<Void> poll(int from, int to) {
    List<Future<Void>> polling = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      int number = i;
      polling.add(
          client
              .connect(hub.getPort(), hub.getHost())
              .compose(socket -> new Device(number, socket).poll()));
    }
    return Future.all(polling).mapEmpty();
  }

  /** Records that a command for a device is about to be created. */
  void creating(int number) {
    givenNanos.set(number, System.nanoTime());
  }

  /** Latencies from a command's creation to its device since the last call, microseconds. */
  Histogram wakes() {
    return wakes.getIntervalHistogram();
  }

  /** Number of responses that are neither commands nor an empty poll. */
  long wrong() {
    return wrong.sum();
  }

  /** Number of empty polls. */
  long emptyPolls() {
    return held.sum();
  }

  /** The last incorrect response; empty if none. */
  String problem() {
    return problem;
  }

  @Override
  public void close() {
    client.close().await();
  }

  private final class Device {
    private final int number;
    private final NetSocket socket;
    private String received = "";

    /** Unconfirmed results; each was sent before the open poll. */
    private int results;

    Device(int number, NetSocket socket) {
      this.number = number;
      this.socket = socket;
      socket.handler(this::received);
      socket.exceptionHandler(broken -> note(broken.toString()));
    }

    Future<Void> poll() {
      return say("GET /device/v1/commands?wait=%d".formatted(WAIT_SECONDS), "");
    }

    private Future<Void> say(String what, String body) {
      return socket.write(
          "%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n%s\r\n%s"
              .formatted(
                  what,
                  hub.getAuthority(),
                  BenchEnvironment.client(number).key(),
                  length(body),
                  body));
    }

    private static String length(String body) {
      return body.isEmpty()
          ? ""
          : "Content-Type: application/json\r\nContent-Length: %d\r\n".formatted(body.length());
    }

    private void received(Buffer piece) {
      received += piece.toString(StandardCharsets.UTF_8);
      for (int end = endOfAnswer(); end >= 0; end = endOfAnswer()) {
        String answer = received.substring(0, end);
        received = received.substring(end);
        answered(answer);
      }
    }

    /** End of the first complete response; -1 if none. */
    private int endOfAnswer() {
      int head = received.indexOf("\r\n\r\n");
      if (head < 0) {
        return -1;
      }
      Matcher length = LENGTH.matcher(received).region(0, head);
      int end = head + 4 + (length.find() ? Integer.parseInt(length.group(1)) : 0);
      return end <= received.length() ? end : -1;
    }

    private void answered(String answer) {
      if (results > 0 && answer.startsWith("HTTP/1.1 20")) {
        results--;
      } else if (answer.startsWith("HTTP/1.1 204")) {
        held.increment();
        poll().onFailure(gone -> note(gone.toString()));
      } else if (answer.startsWith("HTTP/1.1 200") && answer.contains("\"name\":\"identify\"")) {
        take(answer);
      } else {
        note(answer);
      }
    }

    private void take(String answer) {
      long micros = (System.nanoTime() - givenNanos.get(number)) / 1000;
      wakes.recordValue(Math.min(micros, LONGEST_MICROS));
      Matcher id = ID.matcher(answer);
      while (id.find()) {
        results++;
        say("POST /device/v1/commands/" + id.group(1) + "/result", "{\"status\":\"succeeded\"}")
            .onFailure(gone -> note(gone.toString()));
      }
      poll().onFailure(gone -> note(gone.toString()));
    }

    private void note(String what) {
      wrong.increment();
      problem = what;
    }
  }
}
