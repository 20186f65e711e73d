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

/** Writes down what becomes of one device's messages, so that the device need not count. */
public final class DeliveryRecorder {
  private final RunCounters counters;
  private final DeviceMetrics measures;
  private final Optional<SentReadings> sent;
  private final Optional<LiveLatency> watch;
  private final String device;
  private boolean wasOnline;
  private TransportKind transport = TransportKind.WEBSOCKET;

  /** A scribe for {@code device}; without a ledger nothing can be verified later. */
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

  /** A session began, by that way. */
  void online(TransportKind newWay) {
    transport = newWay;
    counters.online.increment();
    if (wasOnline) {
      counters.reconnects.increment();
    }
    wasOnline = true;
  }

  /** A session ended that was held for so long. */
  void offline(long millis) {
    counters.online.decrement();
    measures.traffic().of(transport).millis.add(millis);
  }

  void stopped(String why) {
    counters.stopped.increment();
    trouble(why);
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

  void putOff(String why) {
    counters.putOff.increment();
    trouble(why);
  }

  void refused(TelemetryMessage message, String why) {
    trouble(why);
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

  /** The run is over for a message that nobody has acknowledged. */
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

  /** A command is begun: for the first time, unless the device has forgotten it. */
  void begun(String id, long now) {
    measures.begun(id, transport, now);
    counters.commands.increment();
    sent.ifPresent(l -> l.executions().begun(id, now));
  }

  /** A result is said; it may have been said before. */
  void answered(Result result) {
    sent.ifPresent(l -> l.executions().answered(result.id(), said(result)));
  }

  private static ExecutionLog.StatusReport said(Result result) {
    String status = result.status().name().toLowerCase(Locale.ROOT);
    return new ExecutionLog.StatusReport(status, result.data(), result.error());
  }

  /** The hub must have heard the result that was said at {@code saidAt}. */
  void heard(String id, long saidAt) {
    sent.ifPresent(l -> l.executions().heard(id, saidAt));
  }

  /** A command came when its time was over. */
  void tooLate() {
    counters.tooLate.increment();
  }

  /** An answer came when its command was over for the hub. */
  void answeredInVain() {
    counters.inVain.increment();
  }

  void strange(String why) {
    counters.strange.increment();
    trouble(why);
  }

  void trouble(String why) {
    counters.trouble(device + ": " + why);
  }
}
