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
 * Programs that each hold one request on a command's state, on a connection of its own. Plain
 * sockets, so that whoever asks costs next to nothing beside the hub that is measured.
 *
 * <p>Threading: made and asked by any thread; a connection is touched by its own event loop only.
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
  private volatile String trouble = "";

  LongPollClients(Vertx vertx, URI hub) {
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    this.hub = hub;
  }

  /** Opens connections, some at a time, and says nothing on them. */
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

  /** Asks for the change of each of these commands, one on each connection. */
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

  /** From now on answers are timed; whatever was answered before is wrong. */
  void settling() {
    settled = System.nanoTime();
  }

  /**
   * The right answers, in microseconds from {@link #settling}, once so many requests have ended,
   * rightly or not, or the time is over.
   */
  Histogram answers(int ended, long mostSeconds) throws InterruptedException {
    if (ends.tryAcquire(ended, mostSeconds, TimeUnit.SECONDS)) {
      ends.release(ended);
    }
    return answers.getIntervalHistogram();
  }

  /** Requests that were answered too soon, with something else, or not at all. */
  long wrong() {
    return wrong.sum();
  }

  /** The last wrong answer, or nothing. */
  String trouble() {
    return trouble;
  }

  @Override
  public void close() {
    client.close().await();
  }

  private final class Poll {
    private final NetSocket socket;
    private final StringBuilder heard = new StringBuilder(0);
    private boolean answered;

    Poll(NetSocket socket) {
      this.socket = socket;
      socket.handler(this::heard);
      socket.closeHandler(gone -> end(false, "the connection was closed"));
      socket.exceptionHandler(broken -> end(false, broken.toString()));
    }

    Future<Void> ask(String command) {
      String request =
          "GET /api/v1/commands/%s?wait=%d HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(command, WAIT_SECONDS, hub.getAuthority(), BenchEnvironment.API_KEY);
      return socket.write(request);
    }

    private void heard(Buffer piece) {
      heard.append(piece.toString(StandardCharsets.UTF_8));
      if (heard.charAt(heard.length() - 1) == '}') {
        String answer = heard.toString();
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
        trouble = what;
        wrong.increment();
      }
      ends.release();
    }
  }
}
