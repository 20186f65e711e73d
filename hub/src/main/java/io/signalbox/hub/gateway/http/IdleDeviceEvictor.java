package io.signalbox.hub.gateway.http;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Where visitors wait that have no session: they may be back in a moment, and what they have used
 * up of their allowance must not be forgotten. After a while they are shown out.
 *
 * <p>Threading: one event loop. A timer runs only while somebody waits.
 */
final class IdleDeviceEvictor {
  private static final long MILLIS = 60_000;

  private final Context context;
  private Queue<HttpDevice> waiting = new ArrayDeque<>();

  IdleDeviceEvictor(Context context) {
    this.context = context;
  }

  void add(HttpDevice device) {
    if (waiting.isEmpty()) {
      context.owner().setTimer(MILLIS, timer -> evictWaiting());
    }
    waiting.add(device);
  }

  private void evictWaiting() {
    Queue<HttpDevice> leaving = waiting;
    waiting = new ArrayDeque<>();
    leaving.forEach(HttpDevice::evict);
  }
}
