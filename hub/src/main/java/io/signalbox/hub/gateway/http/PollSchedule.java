package io.signalbox.hub.gateway.http;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
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
 * When a device will be back. One that polls is told when, and expected then. One that only brings
 * readings keeps a rhythm of its own: it is expected after the longest pause that it made lately.
 *
 * <p>Times are of the monotonic clock, but where it says otherwise. Threading: the device's home.
 */
final class PollSchedule {
  /** How fast a longer pause is forgotten: in so many times its length. */
  private static final int FORGETTING = 8;

  /** What came longer ago says little, and is let be. */
  private static final long MEMORY_MILLIS = Duration.ofDays(7).toMillis();

  private final PollIntervalPlanner plan;
  private final HubClock clock;
  private final Device device;
  private CommandRateModel rateModel;

  /** Commands that were told of while those before them were still to be had; then null. */
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

  /** What the device says of its power holds until it says something else. */
  void power(PowerProfile said) {
    power = said;
  }

  /** When the device is expected, Unix milliseconds. */
  long expected() {
    return clock.wallOf(expected);
  }

  /** How long the device was last asked to stay away, ms. */
  long interval() {
    return Math.max(0, expected - came);
  }

  /** Whether less than three quarters of the time is over that it was asked to stay away. */
  boolean isEarly() {
    return polls && clock.monotonicMillis() < expected - interval() / 4;
  }

  /** The device has polled, and takes these commands along. */
  NextPoll afterPoll(List<Command> taken, PendingWork pendingWork) {
    long now = clock.monotonicMillis();
    for (Command command : taken) {
      if (command.notBefore() == 0 && handouts(command) == 1) {
        plan.recordArrival(rateModel, Math.min(now, clock.monotonicOf(command.created())));
        if (sent != null) {
          sent.add(command);
        }
      }
    }
    polls = true;
    return plan(pendingWork, now);
  }

  private static long handouts(Command command) {
    return command.timeline().stream().filter(step -> step.state() == State.SENT).count();
  }

  /**
   * What the device was given before the hub knew it by this name, as far as it is kept: its rhythm
   * outlives a restart.
   */
  void restore(List<Command> before) {
    long now = clock.monotonicMillis();
    long since = Math.max(device.created(), clock.wallMillis() - MEMORY_MILLIS);
    Map<String, Long> times = new HashMap<>();
    Stream.concat(before.stream(), Objects.requireNonNullElse(sent, List.<Command>of()).stream())
        .filter(command -> command.notBefore() == 0 && handouts(command) > 0)
        .filter(command -> command.created() >= since)
        .forEach(command -> times.put(command.id(), command.created()));
    sent = null;
    rateModel = plan.rhythm(device.type(), Math.min(now, clock.monotonicOf(since)));
    times.values().stream()
        .sorted()
        .forEach(at -> plan.recordArrival(rateModel, Math.min(now, clock.monotonicOf(at))));
  }

  /** There is nothing to be had of what was before. */
  void restoreEmpty() {
    sent = null;
  }

  /** The hub is going down: the device may come back after a spread of seconds. */
  NextPoll displaced() {
    NextPoll soon =
        new NextPoll(ThreadLocalRandom.current().nextLong(1_000, 30_000), PollReason.LOAD);
    came = clock.monotonicMillis();
    expected = came + soon.millis();
    return soon;
  }

  /** The device was not told when to come again: it may be back at once. */
  void pending() {
    expected = came;
  }

  /** The device has brought something. */
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
      // Until it has shown a rhythm, what it is told is as good a guess as any.
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
