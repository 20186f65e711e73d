package io.signalbox.hub.gateway;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.fleet.DescriptionStore.StoredDescription;
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
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Session of one device on any connected transport: keeps the order of its messages, adds missing
 * timestamps, enforces the rate limit, and reports the outcome of each message.
 *
 * <p>An accepted or refused message uses its sequence number; one out of sequence is refused and
 * uses none. Acknowledgements are cumulative: one for all messages that are settled together.
 *
 * <p>Readings over the rate limit are not refused on a connection: the hub stops reading from it
 * until the allowance has recovered, which reaches the device as TCP back-pressure.
 *
 * <p>Threading: the session's event loop only. Thousands of sessions are idle, so every field
 * counts.
 */
public final class DeviceSession implements TelemetryIngest.AckListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSession.class);

  /** The readings are over the rate limit. */
  private static final int OVER_RATE = 1;

  /** The store is behind. */
  private static final int STORE_FULL = 2;

  /** Messages wait for the rules of their readings. */
  private static final int RULES_PENDING = 4;

  private final DeviceSessions shared;
  private final Session session;
  private final DeviceChannel channel;
  private long lastSeq;
  private long storedSeq;
  private long ackedSeq;
  private long lastTimestamp;
  private long spentNanos;
  private long desiredVersion;

  /** The reasons for not reading, as bits; the session reads on when none is left. */
  private byte pauses;

  /** Null until a reading arrives while some type is strict. */
  private @Nullable ReadingRules rules;

  DeviceSession(DeviceSessions shared, Session session, DeviceChannel channel) {
    this.shared = shared;
    this.session = session;
    this.channel = channel;
  }

  /** The device's id. */
  public String device() {
    return session.device();
  }

  /** Starts to deliver waiting commands. */
  public void begin() {
    shared.commands.attach(session, this::deliver);
  }

  /**
   * The connection has ended.
   *
   * @param detail text that came with its end; may be empty
   */
  public void ended(SessionEnd end, String detail) {
    shared.remove(this);
    shared.admission.releaseSession(session, end, detail);
  }

  /** The device has answered the close frame, so it was alive. */
  public void confirmAlive() {
    shared.admission.confirmAlive(session);
  }

  /** Handles a message; called for each in order. */
  public void receive(DeviceMessage message, long now) {
    int cost = 1;
    switch (message) {
      case DeviceMessage.Telemetry upload -> {
        upload(upload, Map.of(), now);
        cost = upload.readings().size();
      }
      case DeviceMessage.TelemetryWithUnits senml -> {
        upload(senml.telemetry(), senml.units(), now);
        cost = senml.telemetry().readings().size();
      }
      case DeviceMessage.Result result ->
          answer(shared.commands.result(session, result.result()), result.result());
      case DeviceMessage.Reported reported ->
          answer(shared.twins.patchReported(device(), reported.patch()), null);
      case DeviceMessage.Describe describe -> {
        describe(describe.description());
        cost = GatewaySettings.DESCRIPTION_COST;
      }
      case DeviceMessage.Ping ping -> channel.pong();
      case DeviceMessage.Refused refused -> refused(refused);
    }
    checkRate(cost);
  }

  private void describe(String description) {
    Future<StoredDescription> stored = shared.descriptions.put(device(), description);
    answer(stored, null);
    stored.onSuccess(
        kept -> shared.context.runOnContext(turn -> channel.described(kept.version())));
    if (!shared.strict.isEmpty()) {
      // The readings that follow may be of metrics that it describes.
      rules().await(stored);
    }
  }

  private void upload(DeviceMessage.Telemetry upload, Map<String, String> units, long now) {
    long expected = lastSeq + 1;
    if (upload.seq() != expected) {
      String detail = "seq is " + upload.seq() + ", expected " + expected;
      refused(upload.seq(), new Refusal(ErrorCode.BAD_SEQUENCE, "seq", detail));
      return;
    }
    lastSeq = expected;
    List<Reading> readings = upload.stamped() ? upload.readings() : stamp(upload.readings(), now);
    shared.ingest.skipped(upload.skipped());
    TelemetryMessage message = new TelemetryMessage(session.device(), readings);
    if (shared.strict.isEmpty() && !isPending()) {
      store(message, units, null, expected);
    } else {
      rules().check(message, units, expected);
    }
  }

  private ReadingRules rules() {
    ReadingRules known = rules;
    if (known == null) {
      known = new ReadingRules(shared, this);
      rules = known;
    }
    return known;
  }

  private boolean isPending() {
    return rules != null && rules.isPending();
  }

  /**
   * Stores a message, or refuses it by the rules.
   *
   * @param units by metric, as far as the message names them
   */
  void store(
      TelemetryMessage message,
      Map<String, String> units,
      @Nullable TelemetryRules telemetryRules,
      long seq) {
    try {
      shared.ingest.accept(message, telemetryRules, this, seq);
    } catch (Refusal misfits) {
      refused(seq, misfits);
      return;
    }
    if (!units.isEmpty()) {
      shared.units.note(device(), units);
    }
    if (!isPaused(STORE_FULL) && shared.ingest.isFull()) {
      pause(STORE_FULL);
      shared.ingest.whenCapacity(() -> resume(STORE_FULL));
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
    spentNanos = shared.rateLimiter.after(spentNanos, now, readings);
    long excess = shared.rateLimiter.excess(spentNanos, now);
    if (excess > 0 && !isPaused(OVER_RATE)) {
      pause(OVER_RATE);
      long millis = Math.max(1, excess / 1_000_000);
      shared.context.owner().setTimer(millis, timer -> resume(OVER_RATE));
      shared.eventLog.delayed(session, millis);
    }
  }

  /** Stops reading until {@link #rulesFound}. */
  void awaitRules() {
    pause(RULES_PENDING);
  }

  /** No message waits for the rules any more. */
  void rulesFound() {
    resume(RULES_PENDING);
  }

  private boolean isPaused(int reason) {
    return (pauses & reason) != 0;
  }

  private void pause(int reason) {
    boolean reads = pauses == 0;
    pauses |= (byte) reason;
    if (reads) {
      channel.setAutoRead(false);
    }
  }

  private void resume(int reason) {
    pauses &= (byte) ~reason;
    if (pauses == 0) {
      channel.setAutoRead(true);
    }
  }

  private void deliver(Command command) {
    shared.context.runOnContext(turn -> channel.command(command));
  }

  /** The session in the session registry. */
  public Session session() {
    return session;
  }

  /** The twin as of the start of the session. */
  public Future<Twin> twin() {
    return Contexts.resumeOn(shared.context, shared.twins.get(device()));
  }

  /** Sets the desired state that the welcome message contained. */
  public void welcomed(Twin.Side desired) {
    desiredVersion = desired.version();
  }

  /** Sends a desired state that the device does not have yet. */
  public void desired(Twin twin) {
    if (twin.desired().version() > desiredVersion) {
      desiredVersion = twin.desired().version();
      channel.desired(twin);
      shared.eventLog.desiredSent(session, desiredVersion);
    }
  }

  private void answer(Future<?> done, @Nullable CommandResult result) {
    done.onFailure(cause -> shared.context.runOnContext(turn -> refused(result, refusal(cause))));
  }

  private void refused(@Nullable CommandResult result, Refusal refusal) {
    if (result == null) {
      refused(DeviceMessage.NO_SEQ, refusal);
    } else {
      channel.refuse(DeviceMessage.NO_SEQ, refusal);
      shared.eventLog.resultRefused(session, result, refusal);
    }
  }

  /** The refusal of a message whose handling has failed. */
  Refusal refusal(Throwable cause) {
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
    channel.refuse(seq, refusal);
    shared.eventLog.messageRefused(session, refusal);
  }

  @Override
  public void settled() {
    if (storedSeq > ackedSeq) {
      ackedSeq = storedSeq;
      channel.ack(storedSeq);
    }
  }
}
