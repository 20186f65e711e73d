package io.signalbox.sim.device;

import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.Way;
import io.signalbox.sim.report.Deeds;
import io.signalbox.sim.report.Latency;
import io.signalbox.sim.report.Ledger;
import io.signalbox.sim.report.Tally;
import io.signalbox.sim.report.Watch;
import java.util.Locale;
import java.util.Optional;

/** Writes down what becomes of one device's messages, so that the device need not count. */
public final class Scribe {
  private final Tally tally;
  private final Measures measures;
  private final Optional<Ledger> ledger;
  private final Optional<Watch> watch;
  private final String device;
  private boolean wasOnline;
  private Way way = Way.WEBSOCKET;

  /** A scribe for {@code device}; without a ledger nothing can be verified later. */
  public Scribe(
      String device,
      Tally tally,
      Measures measures,
      Optional<Ledger> ledger,
      Optional<Watch> watch) {
    this.device = device;
    this.tally = tally;
    this.measures = measures;
    this.ledger = ledger;
    this.watch = watch;
  }

  /** A session began, by that way. */
  void online(Way newWay) {
    way = newWay;
    tally.online.increment();
    if (wasOnline) {
      tally.reconnects.increment();
    }
    wasOnline = true;
  }

  /** A session ended that was held for so long. */
  void offline(long millis) {
    tally.online.decrement();
    measures.traffic().of(way).millis.add(millis);
  }

  void stopped(String why) {
    tally.stopped.increment();
    trouble(why);
  }

  void made(Message message) {
    tally.open.add(message.readings());
  }

  void sent(Message message) {
    tally.messages.increment();
    if (message.sentBefore()) {
      tally.again.increment();
    } else if (!message.isEcho()) {
      tally.sent.add(message.readings());
      watch.ifPresent(w -> w.sent(device, message.samples(), message.firstSentNanos()));
    }
  }

  void acknowledged(Message message, long nanos) {
    Latency.record(measures.acks(), nanos - message.firstSentNanos());
    if (!message.isEcho()) {
      tally.acked.add(message.readings());
      tally.open.add(-message.readings());
      ledger.ifPresent(l -> l.acknowledged(message.samples()));
    }
  }

  void putOff(String why) {
    tally.putOff.increment();
    trouble(why);
  }

  void refused(Message message, String why) {
    trouble(why);
    if (!message.isEcho()) {
      tally.refused.add(message.readings());
      inDoubt(message);
    }
  }

  void dropped(Message message) {
    if (!message.isEcho()) {
      tally.dropped.add(message.readings());
      inDoubt(message);
    }
  }

  /** The run is over for a message that nobody has acknowledged. */
  void left(Message message) {
    if (!message.isEcho()) {
      tally.unacked.add(message.readings());
      inDoubt(message);
    }
  }

  private void inDoubt(Message message) {
    tally.open.add(-message.readings());
    if (message.everSent()) {
      ledger.ifPresent(l -> l.inDoubt(message.samples()));
    }
  }

  /** A command is begun: for the first time, unless the device has forgotten it. */
  void begun(String id, long now) {
    measures.begun(id, way, now);
    tally.commands.increment();
    ledger.ifPresent(l -> l.deeds().begun(id, now));
  }

  /** A result is said; it may have been said before. */
  void answered(Result result) {
    ledger.ifPresent(l -> l.deeds().answered(result.id(), said(result)));
  }

  private static Deeds.Said said(Result result) {
    String status = result.status().name().toLowerCase(Locale.ROOT);
    return new Deeds.Said(status, result.data(), result.error());
  }

  /** The hub must have heard the result that was said at {@code saidAt}. */
  void heard(String id, long saidAt) {
    ledger.ifPresent(l -> l.deeds().heard(id, saidAt));
  }

  /** A command came when its time was over. */
  void tooLate() {
    tally.tooLate.increment();
  }

  /** An answer came when its command was over for the hub. */
  void answeredInVain() {
    tally.inVain.increment();
  }

  void strange(String why) {
    tally.strange.increment();
    trouble(why);
  }

  void trouble(String why) {
    tally.trouble(device + ": " + why);
  }
}
