package io.signalbox.sim.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Devices that answer commands with succeeded, at once or on request.
 *
 * <p>Threading: may be used by any thread; each device is confined to its event loop.
 */
final class CommandResponders implements AutoCloseable {
  private static final String COMMAND = "{\"type\":\"command\",\"id\":\"";
  private static final int ID_LENGTH = 36;

  private final WebSocketPool pool;
  private final boolean atOnce;
  private final List<Responder> hands = Collections.synchronizedList(new ArrayList<>());
  private final Queue<String> heldBack = new ConcurrentLinkedQueue<>();
  private final Semaphore arrivals = new Semaphore(0);

  /** Creates an empty set of devices. */
  CommandResponders(Vertx vertx, boolean atOnce) {
    this.pool = new WebSocketPool(vertx);
    this.atOnce = atOnce;
  }

  /** Connects the first {@code count} registered devices. */
  Future<Void> connect(URI hub, int count) {
    return pool.open(
        hub, count, BenchEnvironment::client, socket -> hands.add(new Responder(socket)));
  }

  /**
   * The ids of the received, unanswered commands, once the count is reached or the time is over.
   */
  List<String> heldBack(int count, long mostSeconds) throws InterruptedException {
    if (arrivals.tryAcquire(count, mostSeconds, TimeUnit.SECONDS)) {
      arrivals.release(count);
    }
    return List.copyOf(heldBack);
  }

  /** Answers all held commands, each on its device's event loop. */
  void settle() {
    hands.forEach(Responder::settle);
  }

  @Override
  public void close() {
    pool.close();
  }

  private final class Responder {
    private final WebSocket socket;
    private final Context loop = Vertx.currentContext();
    private final List<String> mine = new ArrayList<>(0);

    Responder(WebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(this::received);
    }

    private void received(String frame) {
      if (!frame.startsWith(COMMAND)) {
        return;
      }
      String id = frame.substring(COMMAND.length(), COMMAND.length() + ID_LENGTH);
      if (atOnce) {
        answer(id);
      } else {
        mine.add(id);
        heldBack.add(id);
        arrivals.release();
      }
    }

    void settle() {
      loop.runOnContext(
          now -> {
            mine.forEach(this::answer);
            mine.clear();
          });
    }

    private void answer(String id) {
      socket.writeTextMessage(
          "{\"type\":\"result\",\"id\":\"" + id + "\",\"status\":\"succeeded\"}");
    }
  }
}
