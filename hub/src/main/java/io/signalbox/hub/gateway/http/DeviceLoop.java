package io.signalbox.hub.gateway.http;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Event loop that owns HTTP devices: its telemetry ingest, and a timer wheel for held requests. The
 * wheel has one timer, which runs only while something is held; a held request is linked into the
 * slot of the tick at which it expires, which costs two references and is undone at once when the
 * request ends before.
 *
 * <p>Threading: the event loop only, but for {@link #run} and {@link #onLoop}.
 */
final class DeviceLoop {
  private static final long TICK_MILLIS = 250;
  private static final int SLOTS = 256; // more than a minute
  private static final int RETURN_WITHIN_SECONDS = 30;
  private static final long IDLE_MILLIS = 60_000;

  /**
   * Request that keeps an HTTP device connected until its time is up: a held poll or a stream. A
   * device has one at a time.
   */
  abstract static class HeldDeviceRequest {
    private @Nullable HeldDeviceRequest next;
    private @Nullable HeldDeviceRequest before;
    private int slot = -1;

    /** The time is over, and the hold has ended. */
    abstract void timeUp();

    /** The hub is shutting down; the client may return after so many seconds. */
    abstract void drain(int seconds);

    /** Another request of the device replaces this one. */
    abstract void displace();

    /** The session has ended. */
    abstract void end(Refusal why);
  }

  private final Context context;
  private final TelemetryIngest ingest;
  private final @Nullable HeldDeviceRequest[] slots = new HeldDeviceRequest[SLOTS];
  private int now;
  private int held;
  private long timer = -1;

  /** Devices without a session, which may return soon. */
  private Queue<HttpDevice> idle = new ArrayDeque<>();

  /** The event loop of this ingest. */
  DeviceLoop(TelemetryIngest ingest) {
    this.context = ingest.context();
    this.ingest = ingest;
  }

  Context context() {
    return context;
  }

  TelemetryIngest ingest() {
    return ingest;
  }

  // ---- Running on this loop.

  /** Runs a task here for a caller on any loop: at once if the caller is on this one. */
  <T> Future<T> run(DeviceLoop caller, Supplier<Future<T>> task) {
    if (caller.context.equals(context)) {
      return attempt(task);
    }
    return Future.future(
        done -> context.runOnContext(turn -> attempt(task).onComplete(done::handle)));
  }

  /** The same future, completed on this loop. */
  <T> Future<T> onLoop(Future<T> anywhere) {
    return Contexts.resumeOn(context, anywhere);
  }

  /** Turns an exception into a failed future. */
  static <T> Future<T> attempt(Supplier<Future<T>> task) {
    try {
      return task.get();
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  // ---- Held requests.

  /** The number of held requests. */
  int held() {
    return held;
  }

  /** Holds a request for that time, at most a minute. */
  void hold(HeldDeviceRequest one, Duration time) {
    long ticks = Math.clamp(Math.ceilDiv(time.toMillis(), TICK_MILLIS), 1, SLOTS - 1);
    one.slot = (int) ((now + ticks) % SLOTS);
    HeldDeviceRequest first = slots[one.slot];
    one.next = first;
    one.before = null;
    if (first != null) {
      first.before = one;
    }
    slots[one.slot] = one;
    held++;
    if (timer < 0) {
      timer = context.owner().setPeriodic(TICK_MILLIS, id -> tick());
    }
  }

  /** Ends the hold; does nothing if it is not held. */
  void letGo(HeldDeviceRequest one) {
    if (one.slot < 0) {
      return;
    }
    HeldDeviceRequest before = one.before;
    HeldDeviceRequest next = one.next;
    if (before == null) {
      slots[one.slot] = next;
    } else {
      before.next = next;
    }
    if (next != null) {
      next.before = before;
    }
    one.slot = -1;
    one.next = null;
    one.before = null;
    held--;
  }

  /** Ends every hold for a shutdown; clients return over a spread of seconds. */
  void drain() {
    for (int slot = 0; slot < SLOTS; slot++) {
      for (HeldDeviceRequest one = slots[slot]; one != null; one = slots[slot]) {
        letGo(one);
        one.drain(ThreadLocalRandom.current().nextInt(1, RETURN_WITHIN_SECONDS + 1));
      }
    }
  }

  private void tick() {
    now = (now + 1) % SLOTS;
    for (HeldDeviceRequest one = slots[now]; one != null; one = slots[now]) {
      letGo(one);
      one.timeUp();
    }
    if (held == 0) {
      context.owner().cancelTimer(timer);
      timer = -1;
    }
  }

  // ---- Idle devices.

  /**
   * Evicts the device after a minute, if it has no session then. Until then it may return, and what
   * it has used of its rate limit must not be forgotten.
   */
  void evictLater(HttpDevice device) {
    if (idle.isEmpty()) {
      context.owner().setTimer(IDLE_MILLIS, id -> evictIdle());
    }
    idle.add(device);
  }

  private void evictIdle() {
    Queue<HttpDevice> leaving = idle;
    idle = new ArrayDeque<>();
    leaving.forEach(HttpDevice::evictIfIdle);
  }
}
