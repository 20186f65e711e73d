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
 * Devices that take commands and answer that they have succeeded: at once, or when they are told.
 *
 * <p>Threading: made and asked by any thread; a device is touched by its own event loop only.
 */
final class CommandResponders implements AutoCloseable {
  private static final String COMMAND = "{\"type\":\"command\",\"id\":\"";
  private static final int ID_LENGTH = 36;

  private final WebSocketPool wires;
  private final boolean atOnce;
  private final List<Responder> hands = Collections.synchronizedList(new ArrayList<>());
  private final Queue<String> heldBack = new ConcurrentLinkedQueue<>();
  private final Semaphore arrivals = new Semaphore(0);

  /** Nobody yet. */
  CommandResponders(Vertx vertx, boolean atOnce) {
    this.wires = new WebSocketPool(vertx);
    this.atOnce = atOnce;
  }

  /** Connects the first {@code count} devices of the venue. */
  Future<Void> connect(URI hub, int count) {
    return wires.open(
        hub, count, BenchEnvironment::client, socket -> hands.add(new Responder(socket)));
  }

  /**
   * The ids of the commands that have come and are not answered yet, once there are so many or the
   * time is over.
   */
  List<String> heldBack(int count, long mostSeconds) throws InterruptedException {
    if (arrivals.tryAcquire(count, mostSeconds, TimeUnit.SECONDS)) {
      arrivals.release(count);
    }
    return List.copyOf(heldBack);
  }

  /** Answers everything that was held back, each device on its own loop. */
  void settle() {
    hands.forEach(Responder::settle);
  }

  @Override
  public void close() {
    wires.close();
  }

  private final class Responder {
    private final WebSocket socket;
    private final Context loop = Vertx.currentContext();
    private final List<String> mine = new ArrayList<>(0);

    Responder(WebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(this::heard);
    }

    private void heard(String frame) {
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
