package io.signalbox.sim;

import io.signalbox.sim.device.SimDevice;
import io.signalbox.sim.device.TimerWheel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.function.Consumer;

/**
 * One event loop and the devices that live on it. One timer turns the wheel that wakes them all,
 * however many they are. {@link #isDone}, {@link #finish} and {@link #leave} are for any thread.
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

  /** Whether no device has anything left to send or to wait for; looked up ten times a second. */
  boolean isDone() {
    return done;
  }

  /** Ends the sampling; completes when every device knows. */
  Future<Void> finish() {
    return tell(SimDevice::finish);
  }

  /** Ends all sessions; completes when every device has closed its books. */
  Future<Void> leave() {
    return tell(SimDevice::leave);
  }

  private Future<Void> tell(Consumer<SimDevice> order) {
    Promise<Void> told = Promise.promise();
    context.runOnContext(now -> tell(order, told));
    return told.future();
  }

  private void tell(Consumer<SimDevice> order, Promise<Void> told) {
    devices.forEach(order);
    done = devices.stream().allMatch(SimDevice::isDone);
    told.complete();
  }
}
