package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.model.DeviceModel;
import io.signalbox.sim.model.Sample;
import io.signalbox.sim.model.SampleSource;
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
  private final SampleSource source;
  private final DeviceContext around;
  private final DeliveryRecorder recorder;
  private final DeviceConnection connection;
  private final SendWindow window;
  private final CommandHandler commandHandler;
  private final RateLimiter pace = new RateLimiter();

  private boolean started;
  private boolean finishing;
  private long alarmAt = Long.MAX_VALUE;

  /** A device that does nothing until it is told to {@link #begin}. */
  public SimDevice(
      String id,
      DeviceModel machine,
      SampleSource source,
      DeviceContext around,
      DeliveryRecorder recorder) {
    this.id = id;
    this.source = source;
    this.around = around;
    this.recorder = recorder;
    this.window = new SendWindow(around.profile().window());
    this.connection = new DeviceConnection(id, around, recorder, this::happened, this::lost);
    CommandBehaviour behaviour = around.profile().behaviour();
    CommandExecutor commands = new CommandExecutor(machine, behaviour, around.random(), recorder);
    this.commandHandler = new CommandHandler(machine, commands, recorder);
  }

  /** Calls the hub at {@code atMillis} for the first time. */
  public void begin(long atMillis) {
    connection.connectAt(atMillis);
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
    connection.flushNow(now);
    act(now);
  }

  /** Whether nothing is left to be sent or acknowledged. */
  public boolean isDone() {
    boolean nothingComes = finishing || source.over();
    return connection.isStopped() || (nothingComes && window.isEmpty());
  }

  /** Says goodbye; what is still unacknowledged is given up. */
  public void leave() {
    connection.close();
    giveUp();
  }

  private void giveUp() {
    window.clear().forEach(recorder::left);
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
    connection.act(now);
    if (connection.isStopped()) {
      giveUp();
      return;
    }
    if (started) {
      gather(now);
      commandHandler.work(now);
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
    return around.profile().dropOldest() || !window.full();
  }

  private void put(List<Sample> samples) {
    if (window.full() && around.profile().dropOldest()) {
      recorder.dropped(window.dropOldest());
    }
    TelemetryMessage message = TelemetryMessage.of(samples);
    window.add(message);
    recorder.made(message);
    if (around.profile().faults().duplicates(around.random())) {
      window.add(message.echo());
    }
  }

  private void answer(long now) {
    if (connection.isReady()) {
      commandHandler.answers(now).forEach(connection::send);
    } else if (commandHandler.answerDueAt() <= now || window.isFilling()) {
      connection.dataAvailable(now);
    }
  }

  private void flush(long now) {
    while (connection.isWritable() && pace.allows(now) && !isWaitingForProbe()) {
      TelemetryMessage message = window.send(System.nanoTime());
      if (message == null) {
        return;
      }
      pace.sent(message.readings(), now);
      recorder.sent(message);
      connection.send(new DeviceFrame.Telemetry(message.seq(), message.samples()));
      if (around.profile().faults().cuts(around.random())) {
        connection.cut(now, 0);
      }
    }
  }

  private boolean isWaitingForProbe() {
    return pace.isProbing() && window.hasInFlight();
  }

  private void lost() {
    window.connectionLost();
    commandHandler.connectionLost();
  }

  /** The one guard of the link: whatever goes wrong in here ends the connection, not the run. */
  private void happened(LinkEvent event) {
    long now = around.clock().getAsLong();
    try {
      connection.handle(event, now).ifPresent(frame -> heard(frame, now));
    } catch (RuntimeException e) {
      LOG.error("{} could not take {}", id, event, e);
      breakOff("could not take what the hub sent: " + e, now);
    }
    act(now);
  }

  private void heard(HubFrame frame, long now) {
    if (!connection.confirmsResults()) {
      commandHandler.heardFromHub(now);
    }
    switch (frame) {
      case HubFrame.Welcome welcome -> welcomed(welcome, now);
      case HubFrame.Ack ack -> acknowledged(ack.seq(), now);
      case HubFrame.Command command -> {
        if (commandHandler.command(command, now)) {
          connection.cut(now, 0);
        }
      }
      case HubFrame.Heard heard -> commandHandler.confirmed(heard.id());
      case HubFrame.Refusal refusal -> refused(refusal, now);
      case HubFrame.Unknown strange -> recorder.strange(strange.why());
      case HubFrame.Desired desired ->
          commandHandler.wish(desired.state(), now).ifPresent(connection::send);
      case HubFrame.Pong pong -> {}
    }
  }

  private void welcomed(HubFrame.Welcome welcome, long now) {
    pace.limitTo(welcome.readingsPerSecond());
    if (started) {
      commandHandler.reconnected();
    } else {
      started = true;
      source.start(now);
    }
    commandHandler.wish(welcome.desired(), now).ifPresent(connection::send);
  }

  private void acknowledged(long seq, long now) {
    if (!window.knows(seq)) {
      breakOff("the hub acknowledged seq " + seq + ", which was never sent", now);
      return;
    }
    long nanos = System.nanoTime();
    window.acknowledged(seq).forEach(message -> recorder.acknowledged(message, nanos));
    pace.wentWell();
  }

  private void refused(HubFrame.Refusal refusal, long now) {
    String why = refusal.code() + ", " + refusal.message();
    TelemetryMessage message =
        refusal.seq().isPresent() ? window.refused(refusal.seq().getAsLong()) : null;
    if (refusal.code().equals("bad-sequence")) {
      breakOff(why, now);
    } else if (message == null) {
      commandHandler.refused(refusal, now);
    } else if (refusal.passes()) {
      window.putBack(message);
      recorder.putOff(why);
      pace.holdOn(now, refusal.afterMillis(), around.random());
    } else {
      recorder.refused(message, why);
    }
  }

  private void breakOff(String why, long now) {
    recorder.strange(why);
    connection.cut(now, AFTER_A_FAULT_MILLIS);
  }

  private void setAlarm(long now) {
    long at = Math.min(connection.dueAt(), started ? workDueAt(now) : Long.MAX_VALUE);
    if (at < alarmAt) {
      alarmAt = at;
      around.wheel().wakeAt(at, this);
    }
  }

  private long workDueAt(long now) {
    long sample = finishing || !hasRoom() ? Long.MAX_VALUE : source.nextAt();
    long glance = commandHandler.workDueAt(now);
    long answer =
        connection.isReady() || commandHandler.answerDueAt() > now
            ? commandHandler.answerDueAt()
            : Long.MAX_VALUE;
    long release = window.hasWaiting() && !pace.allows(now) ? pace.opensAt() : Long.MAX_VALUE;
    return Math.min(Math.min(sample, answer), Math.min(glance, release));
  }
}
