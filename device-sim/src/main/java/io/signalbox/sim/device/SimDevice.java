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
 * A simulated device: connects, sends the messages of its source and keeps each until it is
 * acknowledged. After a lost connection it reconnects and repeats unacknowledged messages with
 * their original timestamps, so that no reading is lost or duplicated.
 *
 * <p>Threading: confined to its event loop. It schedules its next work on the loop's timer wheel.
 */
public final class SimDevice {
  private static final Logger LOG = LoggerFactory.getLogger(SimDevice.class);
  private static final long AFTER_A_FAULT_MILLIS = 1000;

  private final String id;
  private final DeviceModel model;
  private final SampleSource source;
  private final DeviceContext context;
  private final DeliveryRecorder recorder;
  private final DeviceConnection connection;
  private final SendWindow window;
  private final CommandHandler commandHandler;
  private final RateLimiter pace = new RateLimiter();

  private boolean started;
  private boolean described;
  private boolean finishing;
  private long alarmAt = Long.MAX_VALUE;

  /** Creates a device that is idle until {@link #begin}. */
  public SimDevice(
      String id,
      DeviceModel model,
      SampleSource source,
      DeviceContext context,
      DeliveryRecorder recorder) {
    this.id = id;
    this.model = model;
    this.source = source;
    this.context = context;
    this.recorder = recorder;
    this.window = new SendWindow(context.profile().window());
    this.connection = new DeviceConnection(id, context, recorder, this::happened, this::lost);
    CommandBehaviour behaviour = context.profile().behaviour();
    CommandExecutor commands = new CommandExecutor(model, behaviour, context.random(), recorder);
    this.commandHandler = new CommandHandler(model, commands, recorder);
  }

  /** Connects for the first time at {@code atMillis}. */
  public void begin(long atMillis) {
    connection.connectAt(atMillis);
    setAlarm(context.clock().getAsLong());
  }

  /** Called by the timer wheel; early calls have no effect. */
  public void ring(long now) {
    if (now >= alarmAt) {
      alarmAt = Long.MAX_VALUE;
      act(now);
    }
  }

  /** Stops sampling; existing messages are still sent until acknowledged. */
  public void finish() {
    finishing = true;
    List<Sample> rest = source.rest();
    if (!rest.isEmpty()) {
      put(rest);
    }
    long now = context.clock().getAsLong();
    connection.flushNow(now);
    act(now);
  }

  /** Whether all messages are sent and acknowledged. */
  public boolean isDone() {
    boolean nothingComes = finishing || source.over();
    return connection.isStopped() || (nothingComes && window.isEmpty());
  }

  /** Closes the connection and gives up unacknowledged messages. */
  public void leave() {
    connection.close();
    giveUp();
  }

  private void giveUp() {
    window.clear().forEach(recorder::left);
  }

  /** A failure of one device must not stop the timer wheel. */
  private void act(long now) {
    try {
      work(now);
    } catch (RuntimeException e) {
      LOG.error("Device {} failed", id, e);
      disconnect("internal error: " + e, now);
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
    return context.profile().dropOldest() || !window.full();
  }

  private void put(List<Sample> samples) {
    if (window.full() && context.profile().dropOldest()) {
      recorder.dropped(window.dropOldest());
    }
    TelemetryMessage message = TelemetryMessage.of(samples);
    window.add(message);
    recorder.made(message);
    if (context.profile().faults().duplicates(context.random())) {
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
      if (context.profile().faults().cuts(context.random())) {
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

  /** Handles all link events: an exception ends the connection, not the run. */
  private void happened(LinkEvent event) {
    long now = context.clock().getAsLong();
    try {
      connection.handle(event, now).ifPresent(frame -> received(frame, now));
    } catch (RuntimeException e) {
      LOG.error("Device {} failed to handle {}", id, event, e);
      disconnect("failed to handle a frame: " + e, now);
    }
    act(now);
  }

  private void received(HubFrame frame, long now) {
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
      case HubFrame.ResultConfirmed confirmed -> commandHandler.confirmed(confirmed.id());
      case HubFrame.Refusal refusal -> refused(refusal, now);
      case HubFrame.Unknown protocolErrors -> recorder.protocolErrors(protocolErrors.why());
      case HubFrame.Desired desired ->
          commandHandler.applyDesired(desired.state(), now).ifPresent(connection::send);
      case HubFrame.Described kept -> described = true;
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
    commandHandler.applyDesired(welcome.desired(), now).ifPresent(connection::send);
    if (!described) {
      // Until the hub confirms it, at each welcome.
      connection.send(new DeviceFrame.Describe(model.description().withSerial(id)));
    }
  }

  private void acknowledged(long seq, long now) {
    if (!window.knows(seq)) {
      disconnect("the hub acknowledged seq " + seq + ", which was never sent", now);
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
      disconnect(why, now);
    } else if (message == null) {
      commandHandler.refused(refusal, now);
    } else if (refusal.passes()) {
      window.putBack(message);
      recorder.deferred(why);
      pace.holdOn(now, refusal.afterMillis(), context.random());
    } else {
      recorder.refused(message, why);
    }
  }

  private void disconnect(String why, long now) {
    recorder.protocolErrors(why);
    connection.cut(now, AFTER_A_FAULT_MILLIS);
  }

  private void setAlarm(long now) {
    long at = Math.min(connection.dueAt(), started ? workDueAt(now) : Long.MAX_VALUE);
    if (at < alarmAt) {
      alarmAt = at;
      context.wheel().wakeAt(at, this);
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
