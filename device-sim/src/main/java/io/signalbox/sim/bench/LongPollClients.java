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
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Clients that each hold one request for a command's state on their own connection. Plain sockets,
 * so that the clients use little CPU compared to the measured hub.
 *
 * <p>Threading: may be used by any thread; each connection is confined to its event loop.
 */
final class LongPollClients implements AutoCloseable {
  private static final int AT_ONCE = 200;
  private static final int WAIT_SECONDS = 60;
  private static final long LONGEST_MICROS = 60_000_000;

  private final NetClient client;
  private final URI hub;
  private final List<Poll> polls = Collections.synchronizedList(new ArrayList<>());
  private final Recorder answers = new Recorder(LONGEST_MICROS, 3);
  private final LongAdder wrong = new LongAdder();
  private final Semaphore ends = new Semaphore(0);
  private volatile long settled;
  private volatile String problem = "";

  LongPollClients(Vertx vertx, URI hub) {
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    this.hub = hub;
  }

  /** Opens idle connections, a few at a time. */
  Future<Void> connect(int count) {
    Future<Void> done = Future.succeededFuture();
    for (int first = 0; first < count; first += AT_ONCE) {
      int some = Math.min(AT_ONCE, count - first);
      done = done.compose(before -> some(some));
    }
    return done;
  }

  private Future<Void> some(int count) {
    List<Future<NetSocket>> opening = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      opening.add(
          client
              .connect(hub.getPort(), hub.getHost())
              .onSuccess(socket -> polls.add(new Poll(socket))));
    }
    return Future.all(opening).mapEmpty();
  }

  /** Requests the next change of each command, one per connection. */
  Future<Void> ask(List<String> commands) {
    Future<Void> done = Future.succeededFuture();
    for (int first = 0; first < commands.size(); first += AT_ONCE) {
      int from = first;
      int to = Math.min(commands.size(), first + AT_ONCE);
      done = done.compose(before -> ask(commands, from, to));
    }
    return done;
  }

  private Future<Void> ask(List<String> commands, int from, int to) {
    List<Future<Void>> asking = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      asking.add(polls.get(i).ask(commands.get(i)));
    }
    return Future.all(asking).mapEmpty();
  }

  /** Starts timing; earlier responses count as wrong. */
  void settling() {
    settled = System.nanoTime();
  }

  /**
   * Latencies of the correct responses in microseconds since {@link #settling}, once the count of
   * requests has ended or the time is over.
   */
  Histogram answers(int ended, long mostSeconds) throws InterruptedException {
    if (ends.tryAcquire(ended, mostSeconds, TimeUnit.SECONDS)) {
      ends.release(ended);
    }
    return answers.getIntervalHistogram();
  }

  /** Number of early, incorrect or missing responses. */
  long wrong() {
    return wrong.sum();
  }

  /** The last incorrect response; empty if none. */
  String problem() {
    return problem;
  }

  @Override
  public void close() {
    client.close().await();
  }

  private final class Poll {
    private final NetSocket socket;
    private final StringBuilder received = new StringBuilder(0);
    private boolean answered;

    Poll(NetSocket socket) {
      this.socket = socket;
      socket.handler(this::received);
      socket.closeHandler(gone -> end(false, "the connection was closed"));
      socket.exceptionHandler(broken -> end(false, broken.toString()));
    }

    Future<Void> ask(String command) {
      String request =
          "GET /api/v1/commands/%s?wait=%d HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(command, WAIT_SECONDS, hub.getAuthority(), BenchEnvironment.API_KEY);
      return socket.write(request);
    }

    private void received(Buffer piece) {
      received.append(piece.toString(StandardCharsets.UTF_8));
      if (received.charAt(received.length() - 1) == '}') {
        String answer = received.toString();
        boolean right =
            answer.startsWith("HTTP/1.1 200 ") && answer.contains("\"state\":\"succeeded\"");
        end(right && settled != 0, answer);
      }
    }

    private void end(boolean right, String what) {
      if (answered) {
        return;
      }
      answered = true;
      if (right) {
        long micros = (System.nanoTime() - settled) / 1000;
        answers.recordValue(Math.min(micros, LONGEST_MICROS));
      } else {
        problem = what;
        wrong.increment();
      }
      ends.release();
    }
  }
}
