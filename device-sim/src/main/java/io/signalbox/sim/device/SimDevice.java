package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.WebSocketLink;
import io.signalbox.sim.model.Machine;
import io.signalbox.sim.model.Sample;
import io.signalbox.sim.model.Source;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device. Its life in a sentence: it calls the hub, is welcomed, sends what its source gives,
 * keeps every message until that is acknowledged, and after any loss calls again and sends what is
 * still unacknowledged with the timestamps it had, so that nothing is lost and nothing is double.
 *
 * <p>Threading: touched by its event loop only. It sets its own alarm on the loop's wheel for
 * whatever is due next, so it needs no timer.
 */
public final class SimDevice {
  private static final Logger LOG = LoggerFactory.getLogger(SimDevice.class);
  private static final long WELCOME_WITHIN_MILLIS = 15_000;
  private static final long GLANCE_MILLIS = 250;

  private final String id;
  private final Source source;
  private final Machine machine;
  private final Surroundings around;
  private final Scribe scribe;
  private final Outbox outbox;
  private final CommandBook commands;
  private final Backoff callAgain = new Backoff(250, 10_000);
  private final Backoff sendAgain = new Backoff(200, 5_000);

  private State state = new State.Stopped();
  private boolean started;
  private boolean finishing;
  private long alarmAt = Long.MAX_VALUE;
  private long holdUntil;
  private long lastSaid;
  private long lastHeard;

  /** A device that does nothing until it is told to {@link #begin}. */
  public SimDevice(String id, Machine machine, Source source, Surroundings around, Scribe scribe) {
    this.id = id;
    this.source = source;
    this.machine = machine;
    this.around = around;
    this.scribe = scribe;
    this.outbox = new Outbox(around.habits().window());
    this.commands = new CommandBook(machine);
  }

  /** Calls the hub at {@code atMillis} for the first time. */
  public void begin(long atMillis) {
    state = new State.Resting(atMillis);
    setAlarm(around.clock().getAsLong());
  }

  /** The loop's wheel wakes the device; it may be early, then nothing happens. */
  public void ring(long now) {
    if (now >= alarmAt) {
      alarmAt = Long.MAX_VALUE;
      act(now);
    }
  }

  /** Makes no more readings; what is there is still sent until it is acknowledged. */
  public void finish() {
    finishing = true;
    List<Sample> rest = source.rest();
    if (!rest.isEmpty()) {
      put(rest);
    }
    act(around.clock().getAsLong());
  }

  /** Whether nothing is left to be sent or acknowledged. */
  public boolean isDone() {
    boolean nothingComes = finishing || source.over();
    return state instanceof State.Stopped || (nothingComes && outbox.isEmpty());
  }

  /** Says goodbye; what is still unacknowledged is given up. */
  public void leave() {
    switch (state) {
      case State.Calling calling -> calling.link().close();
      case State.Attached attached -> {
        attached.link().close();
        scribe.offline();
      }
      case State.Resting resting -> {}
      case State.Stopped stopped -> {}
    }
    state = new State.Stopped();
    outbox.clear().forEach(scribe::left);
  }

  private void act(long now) {
    switch (state) {
      case State.Resting resting -> callIfDue(resting, now);
      case State.Calling calling -> giveUpIfDue(calling, now);
      case State.Attached attached -> keepAlive(attached, now);
      case State.Stopped stopped -> {}
    }
    if (started) {
      gather(now);
      workOnCommand(now);
      flush(now);
    }
    setAlarm(now);
  }

  private void callIfDue(State.Resting resting, long now) {
    if (now >= resting.until()) {
      String key = around.keys().key(id);
      WebSocketLink link = WebSocketLink.open(around.door(), key, this::happened);
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
      scribe.trouble("the hub has been silent for two heartbeats");
      attached.link().cut();
      lost(now, 0);
    } else if (now - lastSaid >= attached.heartbeatMillis() / 2) {
      say(attached.link(), new DeviceFrame.Ping(), now);
    }
  }

  private void gather(long now) {
    while (!finishing && !(state instanceof State.Stopped) && hasRoom()) {
      List<Sample> samples = source.due(now);
      if (samples.isEmpty()) {
        return;
      }
      put(samples);
    }
  }

  private boolean hasRoom() {
    return around.habits().dropOldest() || !outbox.full();
  }

  private void put(List<Sample> samples) {
    if (outbox.full() && around.habits().dropOldest()) {
      scribe.dropped(outbox.dropOldest());
    }
    Message message = Message.of(samples);
    outbox.add(message);
    scribe.made(message);
    if (around.habits().faults().duplicates(around.random())) {
      outbox.add(message.echo());
    }
  }

  private void flush(long now) {
    while (state instanceof State.Attached attached
        && now >= holdUntil
        && !attached.link().full()) {
      Message message = outbox.send(System.nanoTime());
      if (message == null) {
        return;
      }
      scribe.sent(message);
      say(attached.link(), new DeviceFrame.Telemetry(message.seq(), message.samples()), now);
      if (around.habits().faults().cuts(around.random())) {
        attached.link().cut();
        lost(now, 0);
      }
    }
  }

  private void say(WebSocketLink link, DeviceFrame frame, long now) {
    link.send(frame);
    lastSaid = now;
  }

  private void answer(List<Result> results) {
    if (state instanceof State.Attached attached) {
      results.forEach(result -> attached.link().send(result));
    } else {
      commands.owe(results);
    }
  }

  /** The one guard of the link: whatever goes wrong in here ends the connection, not the run. */
  private void happened(LinkEvent event) {
    long now = around.clock().getAsLong();
    try {
      took(event, now);
    } catch (RuntimeException e) {
      LOG.error("{} could not take {}", id, event, e);
      hangUp(now, "could not take what the hub sent: " + e);
    }
    act(now);
  }

  private void took(LinkEvent event, long now) {
    lastHeard = now;
    switch (event) {
      case LinkEvent.Received received -> heard(received.frame(), now);
      case LinkEvent.Drained drained -> {}
      case LinkEvent.Closed closed -> closed(closed, now);
      case LinkEvent.NotOpened refused -> notOpened(refused, now);
    }
  }

  private void heard(HubFrame frame, long now) {
    switch (frame) {
      case HubFrame.Welcome welcome -> welcomed(welcome, now);
      case HubFrame.Ack ack -> acknowledged(ack.seq(), now);
      case HubFrame.Command command -> commanded(command, now);
      case HubFrame.Refusal refusal -> refused(refusal, now);
      case HubFrame.Strange strange -> scribe.strange(strange.why());
      case HubFrame.Desired desired -> {}
      case HubFrame.Pong pong -> {}
    }
  }

  private void welcomed(HubFrame.Welcome welcome, long now) {
    if (!(state instanceof State.Calling calling)) {
      scribe.strange("a second welcome in one session");
      return;
    }
    state = new State.Attached(calling.link(), welcome.heartbeatSeconds() * 1000L);
    lastSaid = now;
    scribe.online();
    callAgain.reset();
    answer(commands.takeOwed());
    if (!started) {
      started = true;
      source.start(now);
    }
  }

  private void acknowledged(long seq, long now) {
    if (!outbox.knows(seq)) {
      hangUp(now, "the hub acknowledged seq " + seq + ", which was never sent");
      return;
    }
    long nanos = System.nanoTime();
    outbox.acknowledged(seq).forEach(message -> scribe.acknowledged(message, nanos));
    sendAgain.reset();
  }

  private void commanded(HubFrame.Command command, long now) {
    if (!commands.knows(command.id())) {
      scribe.obeyed();
    }
    machine.readAt(now);
    answer(commands.take(command));
  }

  private void refused(HubFrame.Refusal refusal, long now) {
    String why = refusal.code() + ", " + refusal.message();
    Message message = refusal.seq().isPresent() ? outbox.refused(refusal.seq().getAsLong()) : null;
    if (refusal.code().equals("bad-sequence")) {
      hangUp(now, why);
    } else if (message == null) {
      scribe.strange(why);
    } else if (refusal.passes()) {
      outbox.putBack(message);
      scribe.putOff(why);
      holdUntil = Math.max(holdUntil, now + 50 + sendAgain.next(around.random()));
    } else {
      scribe.refused(message, why);
    }
  }

  private void workOnCommand(long now) {
    if (commands.isBusy()) {
      machine.readAt(now);
      answer(commands.settled());
    }
  }

  private void hangUp(long now, String why) {
    scribe.strange(why);
    if (state instanceof State.Attached attached) {
      attached.link().cut();
      lost(now, 1000);
    }
  }

  private void closed(LinkEvent.Closed closed, long now) {
    if (!closed.reason().isEmpty() && closed.code() != 1000) {
      scribe.trouble("closed with " + closed.code() + ", " + closed.reason());
    }
    switch (Comeback.after(closed)) {
      case Comeback.Never never -> stop(never.why());
      case Comeback.After after -> lost(now, after.spread(around.random()));
    }
  }

  private void notOpened(LinkEvent.NotOpened refused, long now) {
    switch (Comeback.after(refused)) {
      case Comeback.Never never -> stop(never.why());
      case Comeback.After after -> {
        scribe.trouble(refused.why());
        callLater(now, after.spread(around.random()));
      }
    }
  }

  private void stop(String why) {
    offline();
    state = new State.Stopped();
    scribe.stopped(why);
    outbox.clear().forEach(scribe::left);
  }

  private void lost(long now, long atLeastMillis) {
    offline();
    outbox.connectionLost();
    callLater(now, atLeastMillis);
  }

  private void offline() {
    if (state instanceof State.Attached) {
      scribe.offline();
    }
  }

  private void callLater(long now, long atLeastMillis) {
    state = new State.Resting(now + atLeastMillis + callAgain.next(around.random()));
  }

  private void setAlarm(long now) {
    long at = Math.min(stateDue(), started ? workDue(now) : Long.MAX_VALUE);
    if (at < alarmAt) {
      alarmAt = at;
      around.wheel().wakeAt(at, this);
    }
  }

  private long stateDue() {
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

  private long workDue(long now) {
    long sample = finishing || !hasRoom() ? Long.MAX_VALUE : source.nextAt();
    long glance = commands.isBusy() ? now + GLANCE_MILLIS : Long.MAX_VALUE;
    long release = outbox.isEmpty() || holdUntil <= now ? Long.MAX_VALUE : holdUntil;
    return state instanceof State.Stopped
        ? Long.MAX_VALUE
        : Math.min(sample, Math.min(glance, release));
  }
}
