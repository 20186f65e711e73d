package io.signalbox.hub.gateway;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.telemetry.Intake;
import io.signalbox.hub.wire.DeviceMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device's attachment, whatever carries it: keeps the order of its messages, stamps what has no
 * time, slows down who is too fast, and answers for what became of everything.
 *
 * <p>A message uses up its number whether it is taken or refused; one that is out of sequence is
 * refused and uses up nothing. Acknowledgements are cumulative: one for each batch that the store
 * has settled.
 *
 * <p>Too many readings are not refused on a connection that can be held: the device is simply not
 * read from for as long as its allowance is overdrawn, which TCP tells it without a word.
 *
 * <p>Threading: the session's event loop only. Thousands of these are idle: every field is counted.
 */
public final class DeviceSession implements Intake.Sender {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSession.class);

  private final Reception reception;
  private final Intake intake;
  private final Context context;
  private final Session session;
  private final DeviceLink link;
  private long lastSeq;
  private long storedSeq;
  private long ackedSeq;
  private long lastStamp;
  private long spentNanos;
  private long desiredVersion;
  private boolean waiting;

  /** A session that talks to its device over the link. */
  public DeviceSession(
      Reception reception, Intake intake, Context context, Session session, DeviceLink link) {
    this.reception = reception;
    this.intake = intake;
    this.context = context;
    this.session = session;
    this.link = link;
  }

  /** The device's id. */
  public String device() {
    return session.device();
  }

  /** Begins to deliver what waits for the device. */
  public void begin() {
    reception.commands().attach(session, this::deliver);
  }

  /**
   * The link is gone.
   *
   * @param detail what its end was told along; may be empty
   */
  public void over(String cause, String detail) {
    reception.leave(session, cause, detail);
  }

  /** The device has answered that its session is over: it was alive. */
  public void answeredItsEnd() {
    reception.lives(session);
  }

  /** What the device said; called for each message in turn. */
  public void receive(DeviceMessage message, long now) {
    switch (message) {
      case DeviceMessage.Upload upload -> upload(upload, now);
      case DeviceMessage.Result result ->
          answer(reception.commands().result(session, result.result()), result.result());
      case DeviceMessage.Reported reported ->
          answer(reception.twins().patchReported(device(), reported.patch()), null);
      case DeviceMessage.Ping ping -> link.pong();
      case DeviceMessage.Refused refused -> refused(refused);
    }
    spend(message instanceof DeviceMessage.Upload upload ? upload.readings().size() : 1);
  }

  private void upload(DeviceMessage.Upload upload, long now) {
    long expected = lastSeq + 1;
    if (upload.seq() != expected) {
      String detail = "seq is " + upload.seq() + ", expected is " + expected;
      refused(upload.seq(), new Refusal(Kind.BAD_SEQUENCE, "seq", detail));
      return;
    }
    lastSeq = expected;
    List<Reading> readings = upload.stamped() ? upload.readings() : stamp(upload.readings(), now);
    intake.skipped(upload.skipped());
    intake.accept(new Telemetry(session.device(), readings), this, expected);
    if (!waiting && intake.isFull()) {
      waiting = true;
      link.hold(true);
      intake.whenRoom(this::goOn);
    }
  }

  private List<Reading> stamp(List<Reading> readings, long now) {
    lastStamp = Stamp.next(lastStamp, now);
    return Stamp.on(readings, lastStamp);
  }

  private void refused(DeviceMessage.Refused refused) {
    if (refused.seq() == lastSeq + 1) {
      lastSeq++;
    }
    refused(refused.seq(), refused.refusal());
  }

  /**
   * Every message costs something, so that a flood of nonsense is slowed down like one of readings.
   */
  private void spend(int readings) {
    long now = System.nanoTime();
    spentNanos = reception.allowance().after(spentNanos, now, readings);
    long excess = reception.allowance().excess(spentNanos, now);
    if (excess > 0 && !waiting) {
      waiting = true;
      link.hold(true);
      long millis = Math.max(1, excess / 1_000_000);
      context.owner().setTimer(millis, timer -> goOn());
      reception.witness().heldBack(session, millis);
    }
  }

  private void goOn() {
    waiting = false;
    link.hold(false);
  }

  private void deliver(Command command) {
    context.runOnContext(turn -> link.command(command));
  }

  /** The device's session, as the fleet knows it. */
  public Session session() {
    return session;
  }

  /** The twin as it was when the session began. */
  public Future<Twin> twin() {
    return reception.twins().get(device());
  }

  /** The device was told this when it came. */
  public void welcomed(Twin.Side desired) {
    desiredVersion = desired.version();
  }

  /** Tells the device what operators want it to be, unless it was told. */
  public void desired(Twin twin) {
    if (twin.desired().version() > desiredVersion) {
      desiredVersion = twin.desired().version();
      link.desired(twin);
      reception.witness().toldDesired(session, desiredVersion);
    }
  }

  private void answer(Future<?> done, @Nullable CommandResult result) {
    done.onFailure(cause -> context.runOnContext(turn -> refused(result, refusal(cause))));
  }

  private void refused(@Nullable CommandResult result, Refusal refusal) {
    if (result == null) {
      refused(DeviceMessage.NO_SEQ, refusal);
    } else {
      link.refuse(DeviceMessage.NO_SEQ, refusal);
      reception.witness().resultRefused(session, result, refusal);
    }
  }

  private Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    LOG.error("a message of device {} failed", device(), cause);
    return new Refusal(Kind.INTERNAL, "the hub failed on this message");
  }

  @Override
  public void stored(long seq) {
    storedSeq = seq;
  }

  @Override
  public void refused(long seq, Refusal refusal) {
    link.refuse(seq, refusal);
    reception.witness().messageRefused(session, refusal);
  }

  @Override
  public void settled() {
    if (storedSeq > ackedSeq) {
      ackedSeq = storedSeq;
      link.ack(storedSeq);
    }
  }
}
