package io.signalbox.hub.live;

import io.vertx.core.Context;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The viewers of one event loop: woken together when the feed has grown, however many events that
 * were, and often enough for updates that are held back to come out on time. Without viewers it has
 * no timer.
 *
 * <p>Threading: the event loop only, but for {@link #wake}.
 */
final class LiveLoop {
  private static final long TICK_MILLIS = 20;

  private final Context context;
  private final Set<StreamSocket> viewers = new LinkedHashSet<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final Runnable forget;
  private volatile boolean watched;
  private long timer;

  LiveLoop(Context context, Feed feed) {
    this.context = context;
    this.forget = feed.onPage(this::wake);
  }

  void add(StreamSocket viewer) {
    if (viewers.isEmpty()) {
      timer = context.owner().setPeriodic(TICK_MILLIS, tick -> tick());
    }
    viewers.add(viewer);
    watched = true;
  }

  void remove(StreamSocket viewer) {
    if (viewers.remove(viewer) && viewers.isEmpty()) {
      context.owner().cancelTimer(timer);
    }
    watched = !viewers.isEmpty();
  }

  /**
   * Any thread: there is something new. Whoever comes right now reads the feed when it subscribes.
   */
  private void wake() {
    if (watched && awake.compareAndSet(false, true)) {
      context.runOnContext(turn -> pump());
    }
  }

  private void pump() {
    awake.set(false);
    long now = System.currentTimeMillis();
    List.copyOf(viewers).forEach(viewer -> viewer.pump(now));
  }

  private void tick() {
    long now = System.currentTimeMillis();
    for (StreamSocket viewer : List.copyOf(viewers)) {
      viewer.tick(now);
    }
  }

  void close() {
    forget.run();
    context.owner().cancelTimer(timer);
  }
}
