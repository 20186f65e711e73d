package io.signalbox.hub.gateway.http;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.polling.Because;
import io.signalbox.hub.polling.Outlook;
import io.signalbox.hub.polling.Planned;
import io.signalbox.hub.polling.PollingPlan;
import io.signalbox.hub.polling.Power;
import io.signalbox.hub.polling.Rhythm;
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
final class Itinerary {
  /** How fast a longer pause is forgotten: in so many times its length. */
  private static final int FORGETTING = 8;

  /** What came longer ago says little, and is let be. */
  private static final long MEMORY_MILLIS = Duration.ofDays(7).toMillis();

  private final PollingPlan plan;
  private final HubClock clock;
  private final Device device;
  private Rhythm rhythm;

  /** Commands that were told of while those before them were still to be had; then null. */
  private @Nullable List<Command> told = new ArrayList<>(0);

  private Power power = Power.UNSAID;
  private long came;
  private long pause;
  private long expected;
  private Because because = Because.IDLE;
  private boolean polls;

  Itinerary(PollingPlan plan, HubClock clock, Device device) {
    this.plan = plan;
    this.clock = clock;
    this.device = device;
    this.rhythm = plan.rhythm(device.type(), clock.monotonicMillis());
  }

  /** What the device says of its power holds until it says something else. */
  void power(Power said) {
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
  Planned afterPoll(List<Command> taken, Outlook outlook) {
    long now = clock.monotonicMillis();
    for (Command command : taken) {
      if (command.notBefore() == 0 && handouts(command) == 1) {
        plan.commandCame(rhythm, Math.min(now, clock.monotonicOf(command.created())));
        if (told != null) {
          told.add(command);
        }
      }
    }
    polls = true;
    return plan(outlook, now);
  }

  private static long handouts(Command command) {
    return command.timeline().stream().filter(step -> step.state() == State.SENT).count();
  }

  /**
   * What the device was given before the hub knew it by this name, as far as it is kept: its rhythm
   * outlives a restart.
   */
  void recall(List<Command> before) {
    long now = clock.monotonicMillis();
    long since = Math.max(device.created(), clock.wallMillis() - MEMORY_MILLIS);
    Map<String, Long> times = new HashMap<>();
    Stream.concat(before.stream(), Objects.requireNonNullElse(told, List.<Command>of()).stream())
        .filter(command -> command.notBefore() == 0 && handouts(command) > 0)
        .filter(command -> command.created() >= since)
        .forEach(command -> times.put(command.id(), command.created()));
    told = null;
    rhythm = plan.rhythm(device.type(), Math.min(now, clock.monotonicOf(since)));
    times.values().stream()
        .sorted()
        .forEach(at -> plan.commandCame(rhythm, Math.min(now, clock.monotonicOf(at))));
  }

  /** There is nothing to be had of what was before. */
  void recallNothing() {
    told = null;
  }

  /** The hub is going down: the device may come back after a spread of seconds. */
  Planned sentAway() {
    Planned soon = new Planned(ThreadLocalRandom.current().nextLong(1_000, 30_000), Because.LOAD);
    came = clock.monotonicMillis();
    expected = came + soon.millis();
    return soon;
  }

  /** The device was not told when to come again: it may be back at once. */
  void untold() {
    expected = came;
  }

  /** The device has brought something. */
  Planned afterUpload() {
    long now = clock.monotonicMillis();
    if (polls && expected > now) {
      came = now;
      return new Planned(expected - now, because);
    }
    long before = came;
    Planned next = plan(Outlook.CLEAR, now);
    if (!polls) {
      long gone = Math.max(0, now - before);
      // Until it has shown a rhythm, what it is told is as good a guess as any.
      pause = before == 0 ? next.millis() : Math.max(gone, pause - gone / FORGETTING);
      expected = now + pause;
    }
    return next;
  }

  private Planned plan(Outlook outlook, long now) {
    Planned next = plan.next(rhythm, power, outlook, now, clock.wallOf(now));
    came = now;
    expected = now + next.millis();
    because = next.because();
    return next;
  }
}
