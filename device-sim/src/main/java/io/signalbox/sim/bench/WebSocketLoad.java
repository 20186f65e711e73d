package io.signalbox.sim.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/**
 * WebSocket connections to one server, idle or sending one reading per message with a bounded
 * number unanswered.
 *
 * <p>Threading: may be used by any thread; each connection is confined to its event loop.
 */
final class WebSocketLoad implements AutoCloseable {
  private static final String ACK = "{\"type\":\"ack\",\"seq\":";

  private final Vertx vertx;
  private final WebSocketPool pool;
  private final List<Sender> senders = Collections.synchronizedList(new ArrayList<>());
  private final LongAdder answered = new LongAdder();

  WebSocketLoad(Vertx vertx) {
    this.vertx = vertx;
    this.pool = new WebSocketPool(vertx);
  }

  /** Opens connections, a few at a time. */
  Future<Void> connect(URI server, int count, IntFunction<WebSocketPool.PoolClient> poolClients) {
    return pool.open(server, count, poolClients, socket -> senders.add(new Sender(socket)));
  }

  /** Starts sending; responses are acknowledgements or echoes. */
  void send(int window) {
    senders.forEach(sender -> sender.start(window));
  }

  /** Number of answered messages. */
  long answered() {
    return answered.sum();
  }

  @Override
  public void close() {
    pool.close();
    vertx.close().await();
  }

  private final class Sender {
    private final WebSocket socket;
    private long sent;
    private long known;

    Sender(WebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(this::answer);
    }

    void start(int window) {
      for (int i = 0; i < window; i++) {
        next();
      }
    }

    private void next() {
      sent++;
      socket.writeTextMessage(
          "{\"type\":\"telemetry\",\"seq\":%d,\"values\":{\"v\":%d,\"t\":%d}}"
              .formatted(sent, sent, System.nanoTime()));
    }

    private void answer(String frame) {
      long upTo;
      if (frame.startsWith(ACK)) {
        upTo = Long.parseLong(frame, ACK.length(), frame.length() - 1, 10);
      } else if (frame.startsWith("{\"type\":\"telemetry\"")) {
        upTo = known + 1;
      } else {
        return;
      }
      long updates = upTo - known;
      known = upTo;
      answered.add(updates);
      for (long i = 0; i < updates; i++) {
        next();
      }
    }
  }
}
