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
final class Lobby {
  private static final long MILLIS = 60_000;

  private final Context context;
  private Queue<Visitor> waiting = new ArrayDeque<>();

  Lobby(Context context) {
    this.context = context;
  }

  void add(Visitor visitor) {
    if (waiting.isEmpty()) {
      context.owner().setTimer(MILLIS, timer -> showOut());
    }
    waiting.add(visitor);
  }

  private void showOut() {
    Queue<Visitor> leaving = waiting;
    waiting = new ArrayDeque<>();
    leaving.forEach(Visitor::leavesLobby);
  }
}
