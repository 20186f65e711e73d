package io.signalbox.sim.device;

import io.signalbox.sim.link.Backoff;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.Way;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A device's line to the hub: calls, waits for the welcome, keeps the session alive, and after a
 * loss calls again, later each time. While it goes a lesser way it tries a better one beside, and
 * changes over when that is welcomed. What is said over it is the device's affair.
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
  private final Ways ways;
  private final Backoff callAgain = new Backoff(250, 10_000);

  private State state = new State.Stopped();
  private Optional<Trial> trial = Optional.empty();

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
    Routes routes = around.habits().routes();
    this.ways = new Ways(routes.ways(), routes.betterAfter().toMillis(), around.random());
  }

  void callAt(long atMillis) {
    state = new State.Resting(atMillis);
  }

  /** Does what is due: calls, gives up a call, keeps the link alive, tries a better one. */
  void act(long now) {
    switch (state) {
      case State.Resting resting -> callIfDue(resting, now);
      case State.Calling calling -> waitForWelcome(calling, now);
      case State.Attached attached -> {
        attached.link().act(now);
        tryBetterIfDue(now);
      }
      case State.Stopped stopped -> {}
    }
  }

  /** When {@link #act} has something to do next. */
  long dueAt() {
    return switch (state) {
      case State.Resting resting -> resting.until();
      case State.Calling calling -> Math.min(calling.deadline(), calling.link().dueAt());
      case State.Attached attached ->
          Math.min(attached.link().dueAt(), trial.map(Trial::dueAt).orElse(ways.betterAt()));
      case State.Stopped stopped -> Long.MAX_VALUE;
    };
  }

  private void callIfDue(State.Resting resting, long now) {
    if (now >= resting.until() && around.door().isBusy()) {
      state = new State.Resting(now + around.random().nextLong(BUSY_MILLIS));
    } else if (now >= resting.until()) {
      Way way = ways.present();
      state =
          new State.Calling(
              around.door().open(way, key(), listener), way, now + WELCOME_WITHIN_MILLIS);
    }
  }

  private String key() {
    return around.keys().key(device);
  }

  private void waitForWelcome(State.Calling calling, long now) {
    if (now < calling.deadline()) {
      calling.link().act(now);
      return;
    }
    scribe.trouble("the hub took the call and did not say welcome");
    calling.link().cut();
    callLater(now, 0, ways.swallowed());
  }

  private void tryBetterIfDue(long now) {
    if (trial.isPresent()) {
      trial.get().act(now);
    } else if (now >= ways.betterAt() && !around.door().isBusy()) {
      trial = Optional.of(new Trial(ways.better(), now + WELCOME_WITHIN_MILLIS, this::tried));
      trial.get().begin(ear -> around.door().open(ways.better(), key(), ear));
    }
  }

  private void tried(LinkEvent event) {
    long now = around.clock().getAsLong();
    if (event instanceof LinkEvent.Received) {
      changeOver();
      listener.accept(event);
    } else if (!(event instanceof LinkEvent.Turned)) {
      trial = Optional.empty();
      ways.notBetter(now);
      listener.accept(new LinkEvent.Turned());
    }
  }

  /** What is under way on the old link is lost with it, and will be said again on the new one. */
  private void changeOver() {
    if (trial.isPresent()) {
      Trial better = trial.get();
      trial = Optional.empty();
      if (state instanceof State.Attached attached) {
        attached.link().close();
      }
      endSession();
      ways.better(better.way());
      state = better.won(listener);
    }
  }

  /** Takes what happened on the link; the frame if it was one. */
  Optional<HubFrame> take(LinkEvent event, long now) {
    return switch (event) {
      case LinkEvent.Received received -> heard(received.frame(), now);
      case LinkEvent.Turned turned -> Optional.empty();
      case LinkEvent.Closed closed -> {
        ended(closed, now);
        yield Optional.empty();
      }
      case LinkEvent.NotOpened refused -> {
        scribe.trouble(refused.why());
        comeBack(Comeback.after(refused, ways.hasOthers()), now, ways.failed(refused));
        yield Optional.empty();
      }
    };
  }

  private Optional<HubFrame> heard(HubFrame frame, long now) {
    if (frame instanceof HubFrame.Welcome && state instanceof State.Calling calling) {
      state = new State.Attached(calling.link(), calling.way(), now);
      callAgain.reset();
      ways.worked(now);
      scribe.online(calling.way());
    }
    return Optional.of(frame);
  }

  private void ended(LinkEvent.Closed closed, long now) {
    if (closed.code() != NORMAL && !closed.reason().isEmpty()) {
      scribe.trouble("closed with " + closed.code() + ", " + closed.reason());
    }
    if (trial.isPresent()) {
      // Perhaps it is the new link that has taken the place of this one.
      changeOver();
      return;
    }
    boolean broke = closed.code() == LinkEvent.Closed.NO_GOODBYE;
    boolean stepped =
        broke && state instanceof State.Attached attached && ways.broke(now - attached.since());
    comeBack(Comeback.after(closed), now, stepped);
  }

  private void comeBack(Comeback comeback, long now, boolean anotherWay) {
    endSession();
    switch (comeback) {
      case Comeback.Never never -> {
        state = new State.Stopped();
        scribe.stopped(never.why());
      }
      case Comeback.After after -> callLater(now, after.millis(around.random()), anotherWay);
    }
  }

  private void callLater(long now, long atLeastMillis, boolean anotherWay) {
    long pause =
        anotherWay
            ? around.random().nextLong(BUSY_MILLIS)
            : atLeastMillis + callAgain.next(around.random());
    state = new State.Resting(now + pause);
  }

  private void endSession() {
    trial.ifPresent(Trial::giveUp);
    trial = Optional.empty();
    if (state instanceof State.Attached attached) {
      state = new State.Stopped();
      scribe.offline(around.clock().getAsLong() - attached.since());
      lost.run();
    }
  }

  /** Says something, if there is a session; a link that breaks meanwhile tells so itself. */
  void say(DeviceFrame frame) {
    if (state instanceof State.Attached attached) {
      attached.link().send(frame);
    }
  }

  /** Cuts the line without a goodbye and calls again, not before {@code atLeastMillis}. */
  void cut(long now, long atLeastMillis) {
    if (state instanceof State.Attached attached) {
      attached.link().cut();
      endSession();
      callLater(now, atLeastMillis, false);
    }
  }

  /** There is something to be said; a link that sleeps need not wait until its time. */
  void nudge(long now) {
    if (state instanceof State.Attached attached) {
      attached.link().nudge(now);
    }
  }

  /** What waits is wanted now. */
  void hurry(long now) {
    if (state instanceof State.Attached attached) {
      attached.link().hurry(now);
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

  /** Whether there is a session that carries answers and reports just now. */
  boolean isAwake() {
    return state instanceof State.Attached attached && attached.link().isAwake();
  }

  /** Whether there is a session that takes readings just now. */
  boolean isFree() {
    return state instanceof State.Attached attached && !attached.link().isFull();
  }

  /** Whether every result is confirmed by itself. */
  boolean confirmsResults() {
    return state instanceof State.Attached attached && attached.link().confirmsResults();
  }

  /** Whether it will not call again. */
  boolean isStopped() {
    return state instanceof State.Stopped;
  }
}
