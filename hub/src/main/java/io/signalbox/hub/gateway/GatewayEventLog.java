package io.signalbox.hub.gateway;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.CauseText;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.Locale;

/**
 * Writes gateway events to the flight recorder. It is never called for a message without errors.
 *
 * <p>Threading: any thread.
 */
public final class GatewayEventLog {
  private final FlightRecorder recorder;

  /** Writes to this recorder. */
  public GatewayEventLog(FlightRecorder recorder) {
    this.recorder = recorder;
  }

  void arrived(Session session) {
    String text =
        "connected by %s, session %d".formatted(word(session.transport()), session.epoch());
    recorder.note(session.device(), Kind.CONNECTED, "connected", text, connection(session));
  }

  /**
   * A session has ended.
   *
   * @param detail text that came with the end of the connection; may be empty
   */
  void left(Session session, SessionEnd end, String detail) {
    if (end == Cause.DELETED) {
      return;
    }
    String text =
        "session %d ended: %s%s"
            .formatted(session.epoch(), CauseText.words(end), describes(end, detail));
    recorder.note(session.device(), Kind.DISCONNECTED, end.text(), text, connection(session));
  }

  private static String describes(SessionEnd end, String detail) {
    boolean known = end == Cause.LOST || end == Cause.DRAINING || detail.equals(end.text());
    return known || detail.isBlank() ? "" : " (\"%s\")".formatted(detail);
  }

  /** A session was replaced by a newer one of the same device. */
  void replaced(Session older, Presence newer) {
    String text =
        "session %d from %s took over from session %d from %s"
            .formatted(newer.session(), newer.address(), older.epoch(), older.address());
    ConnectionInfo connection =
        new ConnectionInfo(newer.session(), newer.transport(), newer.address());
    recorder.note(older.device(), Kind.TAKEOVER, "replaced", text, connection);
  }

  void rejected(String device, Transport transport, String address, Refusal refusal) {
    ConnectionInfo connection = new ConnectionInfo(null, transport, address);
    boolean oldKey = refusal.kind() == Refusal.ErrorCode.UNAUTHENTICATED;
    String text =
        "refused: " + (oldKey ? "it used a key that was replaced since" : refusal.detail());
    recorder.note(device, Kind.REFUSED, refusal.kind().code(), text, connection);
  }

  /** A message of the device was refused. */
  public void messageRefused(Session session, Refusal refusal) {
    String text = "a message was refused: " + sentence(refusal);
    recorder.note(session.device(), Kind.MESSAGE, refusal.kind().code(), text, connection(session));
  }

  /** A command result of the device was refused. */
  public void resultRefused(Session session, CommandResult result, Refusal refusal) {
    String text =
        "its answer '%s' was refused: %s".formatted(word(result.status()), sentence(refusal));
    recorder.noteOf(
        result.id(),
        session.device(),
        Kind.RESULT,
        refusal.kind().code(),
        text,
        connection(session));
  }

  void delayed(Session session, long millis) {
    String text = "over its rate limit; reading was paused for %d ms".formatted(millis);
    recorder.note(session.device(), Kind.THROTTLED, "rate-limited", text, connection(session));
  }

  /** The desired state was sent to the device. */
  public void desiredSent(Session session, long version) {
    String text = "the desired state, version %d, was sent to it".formatted(version);
    recorder.note(session.device(), Kind.TWIN, "desired", text, connection(session));
  }

  /** A request of a polling device was refused. */
  public void requestRefused(String device, String address, Refusal refusal) {
    ConnectionInfo connection = new ConnectionInfo(null, Transport.HTTP, address);
    boolean slowed = refusal.kind() == Refusal.ErrorCode.RATE_LIMITED;
    String text = (slowed ? "" : "a request was refused: ") + sentence(refusal);
    Kind kind = slowed ? Kind.THROTTLED : Kind.MESSAGE;
    recorder.note(device, kind, refusal.kind().code(), text, connection);
  }

  /** A device has polled. */
  public void polled(Session session, String way, String text) {
    recorder.note(session.device(), Kind.POLLED, way, text, connection(session));
  }

  private static String sentence(Refusal refusal) {
    return "%s (%s)".formatted(refusal.detail(), refusal.kind().code());
  }

  private static ConnectionInfo connection(Session session) {
    return new ConnectionInfo(session.epoch(), session.transport(), session.address());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
