package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.TransportKind;
import io.signalbox.sim.report.ExecutionLog;
import io.signalbox.sim.report.LatencyHistogram;
import io.signalbox.sim.report.LiveLatency;
import io.signalbox.sim.report.RunCounters;
import io.signalbox.sim.report.SentReadings;
import java.util.Locale;
import java.util.Optional;

/** Records the outcome of one device's messages and commands in counters and logs. */
public final class DeliveryRecorder {
  private final RunCounters counters;
  private final DeviceMetrics measures;
  private final Optional<SentReadings> sent;
  private final Optional<LiveLatency> watch;
  private final String device;
  private boolean wasOnline;
  private TransportKind transport = TransportKind.WEBSOCKET;

  /** Creates a recorder for {@code device}; without {@code sent} the run cannot be verified. */
  public DeliveryRecorder(
      String device,
      RunCounters counters,
      DeviceMetrics measures,
      Optional<SentReadings> sent,
      Optional<LiveLatency> watch) {
    this.device = device;
    this.counters = counters;
    this.measures = measures;
    this.sent = sent;
    this.watch = watch;
  }

  /** Records the start of a session on a transport. */
  void online(TransportKind newWay) {
    transport = newWay;
    counters.online.increment();
    if (wasOnline) {
      counters.reconnects.increment();
    }
    wasOnline = true;
  }

  /** Records the end of a session and its duration. */
  void offline(long millis) {
    counters.online.decrement();
    measures.traffic().of(transport).millis.add(millis);
  }

  void stopped(String why) {
    counters.stopped.increment();
    problem(why);
  }

  void made(TelemetryMessage message) {
    counters.open.add(message.readings());
  }

  void sent(TelemetryMessage message) {
    counters.messages.increment();
    if (message.sentBefore()) {
      counters.again.increment();
    } else if (!message.isEcho()) {
      counters.sent.add(message.readings());
      watch.ifPresent(w -> w.sent(device, message.samples(), message.firstSentNanos()));
    }
  }

  void acknowledged(TelemetryMessage message, long nanos) {
    LatencyHistogram.record(measures.acks(), nanos - message.firstSentNanos());
    if (!message.isEcho()) {
      counters.acked.add(message.readings());
      counters.open.add(-message.readings());
      sent.ifPresent(l -> l.acknowledged(message.samples()));
    }
  }

  void deferred(String why) {
    counters.deferred.increment();
    problem(why);
  }

  void refused(TelemetryMessage message, String why) {
    problem(why);
    if (!message.isEcho()) {
      counters.refused.add(message.readings());
      inDoubt(message);
    }
  }

  void dropped(TelemetryMessage message) {
    if (!message.isEcho()) {
      counters.dropped.add(message.readings());
      inDoubt(message);
    }
  }

  /** Records an unacknowledged message at the end of the run. */
  void left(TelemetryMessage message) {
    if (!message.isEcho()) {
      counters.unacked.add(message.readings());
      inDoubt(message);
    }
  }

  private void inDoubt(TelemetryMessage message) {
    counters.open.add(-message.readings());
    if (message.everSent()) {
      sent.ifPresent(l -> l.inDoubt(message.samples()));
    }
  }

  /** Records the start of a command; more than one if the device lost its memory. */
  void begun(String id, long now) {
    measures.begun(id, transport, now);
    counters.commands.increment();
    sent.ifPresent(l -> l.executions().begun(id, now));
  }

  /** Records a sent result, possibly repeated. */
  void answered(Result result) {
    sent.ifPresent(l -> l.executions().answered(result.id(), said(result)));
  }

  private static ExecutionLog.StatusReport said(Result result) {
    String status = result.status().name().toLowerCase(Locale.ROOT);
    return new ExecutionLog.StatusReport(status, result.data(), result.error());
  }

  /** Records that the hub must have received the result sent at {@code sentAt}. */
  void confirmed(String id, long sentAt) {
    sent.ifPresent(l -> l.executions().confirmed(id, sentAt));
  }

  /** Records a command received after its expiry. */
  void expired() {
    counters.expired.increment();
  }

  /** Records a result that reached the hub after the command's end. */
  void answeredInVain() {
    counters.lateResults.increment();
  }

  void protocolErrors(String why) {
    counters.protocolErrors.increment();
    problem(why);
  }

  void problem(String why) {
    counters.problem(device + ": " + why);
  }
}
