package io.signalbox.hub.gateway.http;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.polling.Because;
import io.signalbox.hub.polling.Outlook;
import io.signalbox.hub.polling.Planned;
import io.signalbox.hub.polling.Power;
import io.signalbox.hub.polling.Rhythm;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a device will be back. One that polls is told when, and expected then. One that only brings
 * readings keeps a rhythm of its own: it is expected after the longest pause that it made lately.
 *
 * <p>Threading: the device's home.
 */
final class Itinerary {
  /** How fast a longer pause is forgotten: in so many times its length. */
  private static final int FORGETTING = 8;

  private final House house;
  private final Rhythm rhythm;
  private Power power = Power.UNSAID;
  private long came;
  private long pause;
  private long expected;
  private Because because = Because.IDLE;
  private boolean polls;

  Itinerary(House house, Device device) {
    this.house = house;
    this.rhythm = house.plan().rhythm(device.type(), house.now());
  }

  /** What the device says of its power holds until it says something else. */
  void power(Power said) {
    power = said;
  }

  /** When the device is expected, Unix milliseconds. */
  long expected() {
    return expected;
  }

  /** How long the device was last asked to stay away, ms. */
  long interval() {
    return Math.max(0, expected - came);
  }

  /** Whether less than three quarters of the time is over that it was asked to stay away. */
  boolean isEarly() {
    return polls && house.now() < expected - interval() / 4;
  }

  /** The device has polled, and takes these commands along. */
  Planned afterPoll(List<Command> taken, Outlook outlook) {
    long now = house.now();
    for (Command command : taken) {
      if (command.notBefore() == 0 && isNew(command)) {
        house.plan().commandCame(rhythm, command.created());
      }
    }
    polls = true;
    return plan(outlook, now);
  }

  /** It was not handed out before. */
  private static boolean isNew(Command command) {
    return command.timeline().stream().filter(step -> step.state() == State.SENT).count() == 1;
  }

  /** The hub is going down: the device may come back after a spread of seconds. */
  Planned sentAway() {
    Planned soon = new Planned(ThreadLocalRandom.current().nextLong(1_000, 30_000), Because.LOAD);
    came = house.now();
    expected = came + soon.millis();
    return soon;
  }

  /** The device has brought something. */
  Planned afterUpload() {
    long now = house.now();
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
    Planned next = house.plan().next(rhythm, power, outlook, now);
    came = now;
    expected = now + next.millis();
    because = next.because();
    return next;
  }
}
