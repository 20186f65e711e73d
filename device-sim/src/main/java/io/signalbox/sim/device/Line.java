package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.WebSocketLink;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A device's line to the hub: calls, waits for the welcome, keeps the session alive, and after a
 * loss calls again, later each time. What is said over it is the device's affair.
 */
final class Line {
  private static final int NORMAL = 1000;
  private static final long BUSY_MILLIS = 200;
  private static final long WELCOME_WITHIN_MILLIS = 15_000;

  private final String device;
  private final Surroundings around;
  private final Scribe scribe;
  private final Consumer<LinkEvent> listener;
  private final Runnable lost;
  private final Backoff callAgain = new Backoff(250, 10_000);

  private State state = new State.Stopped();
  private long lastSaid;
  private long lastHeard;

  /**
   * A line that is dead until {@link #callAt}.
   *
   * @param listener is told everything that happens and hands it to {@link #take}
   * @param lost is called when a session ends
   */
  Line(
      String device,
      Surroundings around,
      Scribe scribe,
      Consumer<LinkEvent> listener,
      Runnable lost) {
    this.device = device;
    this.around = around;
    this.scribe = scribe;
    this.listener = listener;
    this.lost = lost;
  }

  void callAt(long atMillis) {
    state = new State.Resting(atMillis);
  }

  /** Does what is due: calls, gives up a call, pings. */
  void act(long now) {
    switch (state) {
      case State.Resting resting -> callIfDue(resting, now);
      case State.Calling calling -> giveUpIfDue(calling, now);
      case State.Attached attached -> keepAlive(attached, now);
      case State.Stopped stopped -> {}
    }
  }

  /** When {@link #act} has something to do next. */
  long dueAt() {
    return switch (state) {
      case State.Resting resting -> resting.until();
      case State.Calling calling -> calling.deadline();
      case State.Attached attached ->
          Math.min(
              lastSaid + attached.heartbeatMillis() / 2,
              lastHeard + 2 * attached.heartbeatMillis());
      case State.Stopped stopped -> Long.MAX_VALUE;
    };
  }

  private void callIfDue(State.Resting resting, long now) {
    if (now >= resting.until() && around.door().isBusy()) {
      state = new State.Resting(now + around.random().nextLong(BUSY_MILLIS));
    } else if (now >= resting.until()) {
      String key = around.keys().key(device);
      WebSocketLink link = WebSocketLink.open(around.door(), key, listener);
      state = new State.Calling(link, now + WELCOME_WITHIN_MILLIS);
    }
  }

  private void giveUpIfDue(State.Calling calling, long now) {
    if (now >= calling.deadline()) {
      scribe.trouble("the hub took the call and did not say welcome");
      calling.link().cut();
      callLater(now, 0);
    }
  }

  private void keepAlive(State.Attached attached, long now) {
    if (now - lastHeard >= 2 * attached.heartbeatMillis()) {
      scribe.trouble("the hub was silent for two heartbeats");
      cut(now, 0);
    } else if (now - lastSaid >= attached.heartbeatMillis() / 2) {
      say(new DeviceFrame.Ping(), now);
    }
  }

  /** Takes what happened on the link; the frame if it was one. */
  Optional<HubFrame> take(LinkEvent event, long now) {
    lastHeard = now;
    return switch (event) {
      case LinkEvent.Received received -> heard(received.frame(), now);
      case LinkEvent.Drained drained -> Optional.empty();
      case LinkEvent.Closed closed -> {
        if (closed.code() != NORMAL && !closed.reason().isEmpty()) {
          scribe.trouble("closed with " + closed.code() + ", " + closed.reason());
        }
        comeBack(Comeback.after(closed), now);
        yield Optional.empty();
      }
      case LinkEvent.NotOpened refused -> {
        scribe.trouble(refused.why());
        comeBack(Comeback.after(refused), now);
        yield Optional.empty();
      }
    };
  }

  private Optional<HubFrame> heard(HubFrame frame, long now) {
    if (frame instanceof HubFrame.Welcome welcome && state instanceof State.Calling calling) {
      state = new State.Attached(calling.link(), welcome.heartbeatSeconds() * 1000L);
      lastSaid = now;
      callAgain.reset();
      scribe.online();
    }
    return Optional.of(frame);
  }

  private void comeBack(Comeback comeback, long now) {
    endSession();
    switch (comeback) {
      case Comeback.Never never -> {
        state = new State.Stopped();
        scribe.stopped(never.why());
      }
      case Comeback.After after -> callLater(now, after.millis(around.random()));
    }
  }

  private void callLater(long now, long atLeastMillis) {
    state = new State.Resting(now + atLeastMillis + callAgain.next(around.random()));
  }

  private void endSession() {
    if (state instanceof State.Attached) {
      state = new State.Stopped();
      scribe.offline();
      lost.run();
    }
  }

  /** Says something, if there is a session; a link that breaks meanwhile tells so itself. */
  void say(DeviceFrame frame, long now) {
    if (state instanceof State.Attached attached) {
      attached.link().send(frame);
      lastSaid = now;
    }
  }

  /** Cuts the line without a goodbye and calls again, not before {@code atLeastMillis}. */
  void cut(long now, long atLeastMillis) {
    if (state instanceof State.Attached attached) {
      attached.link().cut();
      endSession();
      callLater(now, atLeastMillis);
    }
  }

  /** Says goodbye for good. */
  void leave() {
    switch (state) {
      case State.Calling calling -> calling.link().close();
      case State.Attached attached -> attached.link().close();
      case State.Resting resting -> {}
      case State.Stopped stopped -> {}
    }
    endSession();
    state = new State.Stopped();
  }

  boolean isAttached() {
    return state instanceof State.Attached;
  }

  /** Whether there is a session that takes more just now. */
  boolean isFree() {
    return state instanceof State.Attached attached && !attached.link().full();
  }

  /** Whether it will not call again. */
  boolean isStopped() {
    return state instanceof State.Stopped;
  }
}
