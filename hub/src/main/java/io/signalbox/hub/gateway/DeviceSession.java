package io.signalbox.hub.gateway;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.signalbox.hub.wire.DeviceMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Session of one device on any connected transport: keeps the order of its messages, adds missing
 * timestamps, enforces the rate limit, and reports the outcome of each message.
 *
 * <p>An accepted or refused message uses its sequence number; one out of sequence is refused and
 * uses none. Acknowledgements are cumulative: one for each batch that the store has settled.
 *
 * <p>Readings over the rate limit are not refused on a connection: the hub stops reading from it
 * until the allowance has recovered, which reaches the device as TCP back-pressure.
 *
 * <p>Threading: the session's event loop only. Thousands of sessions are idle, so every field
 * counts.
 */
public final class DeviceSession implements TelemetryIngest.AckListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSession.class);

  private final DeviceAdmission admission;
  private final TelemetryIngest intake;
  private final Context context;
  private final Session session;
  private final DeviceChannel link;
  private long lastSeq;
  private long storedSeq;
  private long ackedSeq;
  private long lastTimestamp;
  private long spentNanos;
  private long desiredVersion;
  private boolean waiting;

  /** Creates a session with its output. */
  public DeviceSession(
      DeviceAdmission admission,
      TelemetryIngest intake,
      Context context,
      Session session,
      DeviceChannel link) {
    this.admission = admission;
    this.intake = intake;
    this.context = context;
    this.session = session;
    this.link = link;
  }

  /** The device's id. */
  public String device() {
    return session.device();
  }

  /** Starts to deliver waiting commands. */
  public void begin() {
    admission.commands().attach(session, this::deliver);
  }

  /**
   * The connection has ended.
   *
   * @param detail text that came with its end; may be empty
   */
  public void ended(SessionEnd end, String detail) {
    admission.releaseSession(session, end, detail);
  }

  /** The device has answered the close frame, so it was alive. */
  public void answeredItsEnd() {
    admission.confirmAlive(session);
  }

  /** Handles a message; called for each in order. */
  public void receive(DeviceMessage message, long now) {
    switch (message) {
      case DeviceMessage.Telemetry upload -> upload(upload, now);
      case DeviceMessage.Result result ->
          answer(admission.commands().result(session, result.result()), result.result());
      case DeviceMessage.Reported reported ->
          answer(admission.twins().patchReported(device(), reported.patch()), null);
      case DeviceMessage.Ping ping -> link.pong();
      case DeviceMessage.Refused refused -> refused(refused);
    }
    checkRate(message instanceof DeviceMessage.Telemetry upload ? upload.readings().size() : 1);
  }

  private void upload(DeviceMessage.Telemetry upload, long now) {
    long expected = lastSeq + 1;
    if (upload.seq() != expected) {
      String detail = "seq is " + upload.seq() + ", expected " + expected;
      refused(upload.seq(), new Refusal(ErrorCode.BAD_SEQUENCE, "seq", detail));
      return;
    }
    lastSeq = expected;
    List<Reading> readings = upload.stamped() ? upload.readings() : stamp(upload.readings(), now);
    intake.skipped(upload.skipped());
    intake.accept(new TelemetryMessage(session.device(), readings), this, expected);
    if (!waiting && intake.isFull()) {
      waiting = true;
      link.setAutoRead(true);
      intake.whenCapacity(this::goOn);
    }
  }

  private List<Reading> stamp(List<Reading> readings, long now) {
    lastTimestamp = TimestampAssigner.next(lastTimestamp, now);
    return TimestampAssigner.on(readings, lastTimestamp);
  }

  private void refused(DeviceMessage.Refused refused) {
    if (refused.seq() == lastSeq + 1) {
      lastSeq++;
    }
    refused(refused.seq(), refused.refusal());
  }

  /**
   * Every message has a cost, so that a flood of invalid ones is slowed down like one of readings.
   */
  private void checkRate(int readings) {
    long now = System.nanoTime();
    spentNanos = admission.rateLimiter().after(spentNanos, now, readings);
    long excess = admission.rateLimiter().excess(spentNanos, now);
    if (excess > 0 && !waiting) {
      waiting = true;
      link.setAutoRead(true);
      long millis = Math.max(1, excess / 1_000_000);
      context.owner().setTimer(millis, timer -> goOn());
      admission.eventLog().delayed(session, millis);
    }
  }

  private void goOn() {
    waiting = false;
    link.setAutoRead(false);
  }

  private void deliver(Command command) {
    context.runOnContext(turn -> link.command(command));
  }

  /** The session in the session registry. */
  public Session session() {
    return session;
  }

  /** The twin as of the start of the session. */
  public Future<Twin> twin() {
    return admission.twins().get(device());
  }

  /** Sets the desired state that the welcome message contained. */
  public void welcomed(Twin.Side desired) {
    desiredVersion = desired.version();
  }

  /** Sends a desired state that the device does not have yet. */
  public void desired(Twin twin) {
    if (twin.desired().version() > desiredVersion) {
      desiredVersion = twin.desired().version();
      link.desired(twin);
      admission.eventLog().desiredSent(session, desiredVersion);
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
      admission.eventLog().resultRefused(session, result, refusal);
    }
  }

  private Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    LOG.error("Message of device {} failed", device(), cause);
    return new Refusal(ErrorCode.INTERNAL, "internal error while handling this message");
  }

  @Override
  public void stored(long seq) {
    storedSeq = seq;
  }

  @Override
  public void refused(long seq, Refusal refusal) {
    link.refuse(seq, refusal);
    admission.eventLog().messageRefused(session, refusal);
  }

  @Override
  public void settled() {
    if (storedSeq > ackedSeq) {
      ackedSeq = storedSeq;
      link.ack(storedSeq);
    }
  }
}
