package io.signalbox.sim.device;

import io.signalbox.sim.link.Backoff;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TransportKind;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Connection of a device to the hub: connects, waits for the welcome, keeps the session alive, and
 * reconnects with backoff. On a fallback transport it probes a better one in parallel and switches
 * when that is welcomed. The device itself sends and handles frames.
 */
final class DeviceConnection {
  private static final int NORMAL = 1000;
  private static final long BUSY_MILLIS = 200;
  private static final long WELCOME_WITHIN_MILLIS = 15_000;

  /** How long a request that nobody waits for any more may still be retransmitted (RFC 9293). */
  private static final long RETRANSMITTED_MILLIS = 120_000;

  private final String device;
  private final DeviceContext context;
  private final DeliveryRecorder recorder;
  private final Consumer<LinkEvent> listener;
  private final Runnable lost;
  private final TransportSelector transports;
  private final Backoff reconnectBackoff = new Backoff(250, 10_000);

  private ConnectionState state = new ConnectionState.Stopped();
  private Optional<TransportProbe> probe = Optional.empty();
  private long unansweredUntil = Long.MIN_VALUE;

  /**
   * Creates a connection that is idle until {@link #connectAt}.
   *
   * @param listener receives all link events and passes them to {@link #handle}
   * @param lost called when a session ends
   */
  DeviceConnection(
      String device,
      DeviceContext context,
      DeliveryRecorder recorder,
      Consumer<LinkEvent> listener,
      Runnable lost) {
    this.device = device;
    this.context = context;
    this.recorder = recorder;
    this.listener = listener;
    this.lost = lost;
    TransportPreferences transports = context.profile().transports();
    this.transports =
        new TransportSelector(
            transports.transports(), transports.betterAfter().toMillis(), context.random());
  }

  void connectAt(long atMillis) {
    state = new ConnectionState.Disconnected(atMillis);
  }

  /** Performs due work: connect, time out, keep alive, probe a better transport. */
  void act(long now) {
    switch (state) {
      case ConnectionState.Disconnected resting -> connectIfDue(resting, now);
      case ConnectionState.Connecting connecting -> awaitWelcome(connecting, now);
      case ConnectionState.Connected attached -> {
        attached.link().act(now);
        tryBetterIfDue(now);
      }
      case ConnectionState.Stopped stopped -> {}
    }
  }

  /** Time at which {@link #act} is due next. */
  long dueAt() {
    return switch (state) {
      case ConnectionState.Disconnected resting -> resting.until();
      case ConnectionState.Connecting connecting ->
          Math.min(connecting.deadline(), connecting.link().dueAt());
      case ConnectionState.Connected attached ->
          Math.min(
              attached.link().dueAt(),
              probe.map(TransportProbe::dueAt).orElse(transports.probeAt()));
      case ConnectionState.Stopped stopped -> Long.MAX_VALUE;
    };
  }

  private void connectIfDue(ConnectionState.Disconnected resting, long now) {
    if (now >= resting.until() && context.connector().isBusy()) {
      state = new ConnectionState.Disconnected(now + context.random().nextLong(BUSY_MILLIS));
    } else if (now >= resting.until()) {
      TransportKind transport = transports.current();
      state =
          new ConnectionState.Connecting(
              context.connector().open(transport, key(), listener),
              transport,
              now + WELCOME_WITHIN_MILLIS);
    }
  }

  private String key() {
    return context.keys().key(device);
  }

  private void awaitWelcome(ConnectionState.Connecting connecting, long now) {
    if (now < connecting.deadline()) {
      connecting.link().act(now);
      return;
    }
    recorder.problem("connected, but no welcome received");
    connecting.link().cut();
    attemptUnanswered(now);
    reconnectLater(now, 0, transports.welcomeTimedOut());
  }

  private void tryBetterIfDue(long now) {
    if (probe.isPresent()) {
      probe.get().act(now);
    } else if (now >= transports.probeAt() && !context.connector().isBusy()) {
      probe =
          Optional.of(
              new TransportProbe(transports.better(), now + WELCOME_WITHIN_MILLIS, this::probed));
      probe
          .get()
          .start(
              probeListener -> context.connector().open(transports.better(), key(), probeListener));
    }
  }

  private void probed(LinkEvent event) {
    long now = context.clock().getAsLong();
    if (event instanceof LinkEvent.Received) {
      switchTransport();
      listener.accept(event);
    } else if (!(event instanceof LinkEvent.StateChanged)) {
      probe = Optional.empty();
      attemptUnanswered(now);
      transports.probeFailed(now);
      listener.accept(new LinkEvent.StateChanged());
    }
  }

  /** Frames in flight on the old link are lost with it and sent again on the new one. */
  private void switchTransport() {
    if (probe.isPresent()) {
      TransportProbe better = probe.get();
      probe = Optional.empty();
      if (state instanceof ConnectionState.Connected attached) {
        attached.link().close();
      }
      endSession();
      transports.better(better.transport());
      state = better.result(listener);
    }
  }

  /** Handles a link event; returns the frame if it carried one. */
  Optional<HubFrame> handle(LinkEvent event, long now) {
    return switch (event) {
      case LinkEvent.Received received -> frameReceived(received.frame(), now);
      case LinkEvent.StateChanged turned -> Optional.empty();
      case LinkEvent.Closed closed -> {
        closed(closed, now);
        yield Optional.empty();
      }
      case LinkEvent.NotOpened refused -> {
        recorder.problem(refused.why());
        if (refused.status() == 0) {
          attemptUnanswered(now);
        }
        reconnect(
            ReconnectPolicy.after(refused, transports.hasOthers()),
            now,
            transports.attemptFailed(refused));
        yield Optional.empty();
      }
    };
  }

  private Optional<HubFrame> frameReceived(HubFrame frame, long now) {
    if (frame instanceof HubFrame.Welcome
        && state instanceof ConnectionState.Connecting connecting) {
      state = new ConnectionState.Connected(connecting.link(), connecting.transport(), now);
      reconnectBackoff.reset();
      transports.sessionEstablished(now);
      recorder.online(connecting.transport());
    }
    return Optional.of(frame);
  }

  private void closed(LinkEvent.Closed closed, long now) {
    if (closed.code() != NORMAL && !closed.reason().isEmpty()) {
      recorder.problem("closed with " + closed.code() + ", " + closed.reason());
    }
    if (probe.isPresent()) {
      // The new link may have caused a takeover of this one.
      switchTransport();
      return;
    }
    boolean broke = closed.code() == LinkEvent.Closed.NO_CLOSE_FRAME;
    boolean stepped =
        broke
            && state instanceof ConnectionState.Connected attached
            && transports.sessionBroke(now - attached.since());
    reconnect(ReconnectPolicy.after(closed, now < unansweredUntil), now, stepped);
  }

  private void attemptUnanswered(long now) {
    unansweredUntil = now + RETRANSMITTED_MILLIS;
  }

  private void reconnect(ReconnectPolicy reconnect, long now, boolean anotherWay) {
    endSession();
    switch (reconnect) {
      case ReconnectPolicy.Never never -> {
        state = new ConnectionState.Stopped();
        recorder.stopped(never.why());
      }
      case ReconnectPolicy.After after ->
          reconnectLater(now, after.millis(context.random()), anotherWay);
    }
  }

  private void reconnectLater(long now, long atLeastMillis, boolean anotherWay) {
    long pause =
        anotherWay
            ? context.random().nextLong(BUSY_MILLIS)
            : atLeastMillis + reconnectBackoff.next(context.random());
    state = new ConnectionState.Disconnected(now + pause);
  }

  private void endSession() {
    if (probe.isPresent()) {
      probe.get().cancel();
      probe = Optional.empty();
      attemptUnanswered(context.clock().getAsLong());
    }
    if (state instanceof ConnectionState.Connected attached) {
      state = new ConnectionState.Stopped();
      recorder.offline(context.clock().getAsLong() - attached.since());
      lost.run();
    }
  }

  /** Sends a frame if there is a session; a broken link is reported as an event. */
  void send(DeviceFrame frame) {
    if (state instanceof ConnectionState.Connected attached) {
      attached.link().send(frame);
    }
  }

  /** Cuts the connection without a close frame and reconnects, not before {@code atLeastMillis}. */
  void cut(long now, long atLeastMillis) {
    if (state instanceof ConnectionState.Connected attached) {
      attached.link().cut();
      endSession();
      reconnectLater(now, atLeastMillis, false);
    }
  }

  /** Signals that frames wait; a sleeping link may connect earlier. */
  void dataAvailable(long now) {
    if (state instanceof ConnectionState.Connected attached) {
      attached.link().nudge(now);
    }
  }

  /** Requests that waiting frames be sent now. */
  void flushNow(long now) {
    if (state instanceof ConnectionState.Connected attached) {
      attached.link().hurry(now);
    }
  }

  /** Closes the connection for good. */
  void close() {
    switch (state) {
      case ConnectionState.Connecting connecting -> connecting.link().close();
      case ConnectionState.Connected attached -> attached.link().close();
      case ConnectionState.Disconnected resting -> {}
      case ConnectionState.Stopped stopped -> {}
    }
    endSession();
    state = new ConnectionState.Stopped();
  }

  /** Whether results and reports can be sent now. */
  boolean isReady() {
    return state instanceof ConnectionState.Connected attached && attached.link().isAwake();
  }

  /** Whether readings can be sent now. */
  boolean isWritable() {
    return state instanceof ConnectionState.Connected attached && !attached.link().isFull();
  }

  /** Whether the link confirms each result. */
  boolean confirmsResults() {
    return state instanceof ConnectionState.Connected attached && attached.link().confirmsResults();
  }

  /** Whether it has stopped for good. */
  boolean isStopped() {
    return state instanceof ConnectionState.Stopped;
  }
}
