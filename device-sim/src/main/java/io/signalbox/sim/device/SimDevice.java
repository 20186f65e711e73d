package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
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
  private static final long AFTER_A_FAULT_MILLIS = 1000;

  private final String id;
  private final Source source;
  private final Surroundings around;
  private final Scribe scribe;
  private final Line line;
  private final Outbox outbox;
  private final Duties duties;
  private final Pace pace = new Pace();

  private boolean started;
  private boolean finishing;
  private long alarmAt = Long.MAX_VALUE;

  /** A device that does nothing until it is told to {@link #begin}. */
  public SimDevice(String id, Machine machine, Source source, Surroundings around, Scribe scribe) {
    this.id = id;
    this.source = source;
    this.around = around;
    this.scribe = scribe;
    this.outbox = new Outbox(around.habits().window());
    this.line = new Line(id, around, scribe, this::happened, this::lost);
    Manners manners = around.habits().manners();
    CommandBook commands = new CommandBook(machine, manners, around.random(), scribe);
    this.duties = new Duties(machine, commands, scribe);
  }

  /** Calls the hub at {@code atMillis} for the first time. */
  public void begin(long atMillis) {
    line.callAt(atMillis);
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
    long now = around.clock().getAsLong();
    line.hurry(now);
    act(now);
  }

  /** Whether nothing is left to be sent or acknowledged. */
  public boolean isDone() {
    boolean nothingComes = finishing || source.over();
    return line.isStopped() || (nothingComes && outbox.isEmpty());
  }

  /** Says goodbye; what is still unacknowledged is given up. */
  public void leave() {
    line.leave();
    giveUp();
  }

  private void giveUp() {
    outbox.clear().forEach(scribe::left);
  }

  /** One device's fault must not stop the wheel for all. */
  private void act(long now) {
    try {
      work(now);
    } catch (RuntimeException e) {
      LOG.error("{} stumbled", id, e);
      breakOff("stumbled: " + e, now);
      setAlarm(now);
    }
  }

  private void work(long now) {
    line.act(now);
    if (line.isStopped()) {
      giveUp();
      return;
    }
    if (started) {
      gather(now);
      duties.work(now);
      answer(now);
      flush(now);
    }
    setAlarm(now);
  }

  private void gather(long now) {
    while (!finishing && hasRoom()) {
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

  private void answer(long now) {
    if (line.isAwake()) {
      duties.answers(now).forEach(line::say);
    } else if (duties.answerDueAt() <= now || outbox.isFilling()) {
      line.nudge(now);
    }
  }

  private void flush(long now) {
    while (line.isFree() && pace.allows(now) && !isWaitingForProbe()) {
      Message message = outbox.send(System.nanoTime());
      if (message == null) {
        return;
      }
      pace.sent(message.readings(), now);
      scribe.sent(message);
      line.say(new DeviceFrame.Telemetry(message.seq(), message.samples()));
      if (around.habits().faults().cuts(around.random())) {
        line.cut(now, 0);
      }
    }
  }

  private boolean isWaitingForProbe() {
    return pace.isProbing() && outbox.hasInFlight();
  }

  private void lost() {
    outbox.connectionLost();
    duties.connectionLost();
  }

  /** The one guard of the link: whatever goes wrong in here ends the connection, not the run. */
  private void happened(LinkEvent event) {
    long now = around.clock().getAsLong();
    try {
      line.take(event, now).ifPresent(frame -> heard(frame, now));
    } catch (RuntimeException e) {
      LOG.error("{} could not take {}", id, event, e);
      breakOff("could not take what the hub sent: " + e, now);
    }
    act(now);
  }

  private void heard(HubFrame frame, long now) {
    if (!line.confirmsResults()) {
      duties.heardFromHub(now);
    }
    switch (frame) {
      case HubFrame.Welcome welcome -> welcomed(welcome, now);
      case HubFrame.Ack ack -> acknowledged(ack.seq(), now);
      case HubFrame.Command command -> {
        if (duties.command(command, now)) {
          line.cut(now, 0);
        }
      }
      case HubFrame.Heard heard -> duties.confirmed(heard.id());
      case HubFrame.Refusal refusal -> refused(refusal, now);
      case HubFrame.Strange strange -> scribe.strange(strange.why());
      case HubFrame.Desired desired -> duties.wish(desired.state(), now).ifPresent(line::say);
      case HubFrame.Pong pong -> {}
    }
  }

  private void welcomed(HubFrame.Welcome welcome, long now) {
    pace.limitTo(welcome.readingsPerSecond());
    if (started) {
      duties.reconnected();
    } else {
      started = true;
      source.start(now);
    }
    duties.wish(welcome.desired(), now).ifPresent(line::say);
  }

  private void acknowledged(long seq, long now) {
    if (!outbox.knows(seq)) {
      breakOff("the hub acknowledged seq " + seq + ", which was never sent", now);
      return;
    }
    long nanos = System.nanoTime();
    outbox.acknowledged(seq).forEach(message -> scribe.acknowledged(message, nanos));
    pace.wentWell();
  }

  private void refused(HubFrame.Refusal refusal, long now) {
    String why = refusal.code() + ", " + refusal.message();
    Message message = refusal.seq().isPresent() ? outbox.refused(refusal.seq().getAsLong()) : null;
    if (refusal.code().equals("bad-sequence")) {
      breakOff(why, now);
    } else if (message == null) {
      duties.refused(refusal, now);
    } else if (refusal.passes()) {
      outbox.putBack(message);
      scribe.putOff(why);
      pace.holdOn(now, refusal.afterMillis(), around.random());
    } else {
      scribe.refused(message, why);
    }
  }

  private void breakOff(String why, long now) {
    scribe.strange(why);
    line.cut(now, AFTER_A_FAULT_MILLIS);
  }

  private void setAlarm(long now) {
    long at = Math.min(line.dueAt(), started ? workDueAt(now) : Long.MAX_VALUE);
    if (at < alarmAt) {
      alarmAt = at;
      around.wheel().wakeAt(at, this);
    }
  }

  private long workDueAt(long now) {
    long sample = finishing || !hasRoom() ? Long.MAX_VALUE : source.nextAt();
    long glance = duties.workDueAt(now);
    long answer =
        line.isAwake() || duties.answerDueAt() > now ? duties.answerDueAt() : Long.MAX_VALUE;
    long release = outbox.hasWaiting() && !pace.allows(now) ? pace.opensAt() : Long.MAX_VALUE;
    return Math.min(Math.min(sample, answer), Math.min(glance, release));
  }
}
