package io.signalbox.sim;

import io.signalbox.sim.device.SimDevice;
import io.signalbox.sim.device.TimerWheel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.function.Consumer;

/**
 * Verticle with one event loop and its devices. One timer drives the timer wheel of all devices.
 * {@link #isDone}, {@link #finish} and {@link #leave} may be called by any thread.
 */
final class DeviceLoop extends VerticleBase {
  private static final long TICK_MILLIS = 10;
  private static final int TURNS_BETWEEN_LOOKS = 10;

  private final Fleet fleet;
  private final int number;
  private final TimerWheel<SimDevice> wheel;
  private List<SimDevice> devices = List.of();
  private int turns;
  private volatile boolean done;

  DeviceLoop(Fleet fleet, int number) {
    this.fleet = fleet;
    this.number = number;
    this.wheel = new TimerWheel<>(TICK_MILLIS, MonotonicClock.millis());
  }

  @Override
  public Future<?> start() {
    devices = fleet.settle(number, vertx, wheel);
    long now = MonotonicClock.millis();
    for (int i = 0; i < devices.size(); i++) {
      devices.get(i).begin(now + fleet.callsAfterMillis(i));
    }
    vertx.setPeriodic(TICK_MILLIS, timer -> turn());
    return Future.succeededFuture();
  }

  private void turn() {
    long now = MonotonicClock.millis();
    wheel.turn(now, device -> device.ring(now));
    if (++turns % TURNS_BETWEEN_LOOKS == 0) {
      done = devices.stream().allMatch(SimDevice::isDone);
    }
  }

  /** Whether all devices are done; updated ten times per second. */
  boolean isDone() {
    return done;
  }

  /** Stops sampling; completes when every device has stopped. */
  Future<Void> finish() {
    return forEachDevice(SimDevice::finish);
  }

  /** Ends all sessions; completes when every device has recorded its results. */
  Future<Void> leave() {
    return forEachDevice(SimDevice::leave);
  }

  private Future<Void> forEachDevice(Consumer<SimDevice> action) {
    Promise<Void> completed = Promise.promise();
    context.runOnContext(now -> forEachDevice(action, completed));
    return completed.future();
  }

  private void forEachDevice(Consumer<SimDevice> action, Promise<Void> completed) {
    devices.forEach(action);
    done = devices.stream().allMatch(SimDevice::isDone);
    completed.complete();
  }
}
