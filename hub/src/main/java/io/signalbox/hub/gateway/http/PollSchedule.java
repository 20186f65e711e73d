package io.signalbox.hub.gateway.http;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.polling.CommandRateModel;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.polling.PendingWork;
import io.signalbox.hub.polling.PollIntervalPlanner;
import io.signalbox.hub.polling.PollReason;
import io.signalbox.hub.polling.PowerProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Expected time of a device's next request. A polling device gets the time of its next poll. A
 * device that only uploads has its own rhythm: it is expected after its longest recent pause.
 *
 * <p>Times are monotonic unless stated otherwise. Threading: the device's event loop.
 */
final class PollSchedule {
  /** How fast a longer pause is forgotten: after this many times its length. */
  private static final int FORGETTING = 8;

  /** Older commands say little about the rhythm and are ignored. */
  private static final long MEMORY_MILLIS = Duration.ofDays(7).toMillis();

  private final PollIntervalPlanner plan;
  private final HubClock clock;
  private final Device device;
  private CommandRateModel rateModel;

  /** Commands delivered while the older ones are still being loaded; null afterwards. */
  private @Nullable List<Command> sent = new ArrayList<>(0);

  private PowerProfile power = PowerProfile.UNSAID;
  private long came;
  private long pause;
  private long expected;
  private PollReason reason = PollReason.IDLE;
  private boolean polls;

  PollSchedule(PollIntervalPlanner plan, HubClock clock, Device device) {
    this.plan = plan;
    this.clock = clock;
    this.device = device;
    this.rateModel = plan.rhythm(device.type(), clock.monotonicMillis());
  }

  /** Sets the device's power report, which applies until the next one. */
  void power(PowerProfile said) {
    power = said;
  }

  /** When the device is expected, in Unix milliseconds. */
  long expected() {
    return clock.wallOf(expected);
  }

  /** The last interval that was sent to the device, in milliseconds. */
  long interval() {
    return Math.max(0, expected - came);
  }

  /** Whether less than three quarters of that interval have passed. */
  boolean isEarly() {
    return polls && clock.monotonicMillis() < expected - interval() / 4;
  }

  /** The device has polled and received these commands. */
  NextPoll afterPoll(List<Command> taken, PendingWork pendingWork) {
    long now = clock.monotonicMillis();
    for (Command command : taken) {
      if (command.notBefore() == 0 && command.deliveries() == 1) {
        plan.recordArrival(rateModel, Math.min(now, clock.monotonicOf(command.created())));
        if (sent != null) {
          sent.add(command);
        }
      }
    }
    polls = true;
    return plan(pendingWork, now);
  }

  /**
   * Restores the rhythm from the commands that the device received before, so that it survives a
   * restart of the hub.
   */
  void restore(List<Command> before) {
    long now = clock.monotonicMillis();
    long since = Math.max(device.created(), clock.wallMillis() - MEMORY_MILLIS);
    Map<String, Long> times = new HashMap<>();
    Stream.concat(before.stream(), Objects.requireNonNullElse(sent, List.<Command>of()).stream())
        .filter(command -> command.notBefore() == 0 && command.deliveries() > 0)
        .filter(command -> command.created() >= since)
        .forEach(command -> times.put(command.id(), command.created()));
    sent = null;
    rateModel = plan.rhythm(device.type(), Math.min(now, clock.monotonicOf(since)));
    times.values().stream()
        .sorted()
        .forEach(at -> plan.recordArrival(rateModel, Math.min(now, clock.monotonicOf(at))));
  }

  /** There are no earlier commands to restore from. */
  void restoreEmpty() {
    sent = null;
  }

  /** A retry time for a shutdown of the hub, spread over seconds. */
  NextPoll displaced() {
    NextPoll soon =
        new NextPoll(ThreadLocalRandom.current().nextLong(1_000, 30_000), PollReason.LOAD);
    came = clock.monotonicMillis();
    expected = came + soon.millis();
    return soon;
  }

  /** The device got no next time, so it may return at once. */
  void pending() {
    expected = came;
  }

  /** The device has uploaded something. */
  NextPoll afterUpload() {
    long now = clock.monotonicMillis();
    if (polls && expected > now) {
      came = now;
      return new NextPoll(expected - now, reason);
    }
    long before = came;
    NextPoll next = plan(PendingWork.CLEAR, now);
    if (!polls) {
      long gone = Math.max(0, now - before);
      // Until the device has shown a rhythm, use the planned interval.
      pause = before == 0 ? next.millis() : Math.max(gone, pause - gone / FORGETTING);
      expected = now + pause;
    }
    return next;
  }

  private NextPoll plan(PendingWork pendingWork, long now) {
    NextPoll next = plan.next(rateModel, power, pendingWork, now, clock.wallOf(now));
    came = now;
    expected = now + next.millis();
    reason = next.reason();
    return next;
  }
}
