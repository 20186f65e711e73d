package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/** What the hub says to a device. */
public sealed interface HubFrame {

  /**
   * Opens a session.
   *
   * @param heartbeatSeconds silence for two of them ends it, where anything is to be heard
   * @param readingsPerSecond most that the device may send; 0 for as many as it likes
   * @param desired the twin's desired state
   */
  record Welcome(
      String device, String session, int heartbeatSeconds, int readingsPerSecond, JsonNode desired)
      implements HubFrame {}

  /** Everything up to {@code seq} is durable, except what was refused before. */
  record Ack(long seq) implements HubFrame {}

  /**
   * Something to do: once for each id, however often it comes.
   *
   * @param expires Unix milliseconds from which it must not be begun
   */
  record Command(String id, String name, JsonNode params, long expires) implements HubFrame {}

  /** The twin's desired state. */
  record Desired(long version, JsonNode state) implements HubFrame {}

  /** The hub has the result of a command; not every way says so. */
  record Heard(String id) implements HubFrame {}

  /**
   * A frame was refused: the message {@code seq} if it names one.
   *
   * @param afterMillis how long the hub asks to be left alone; 0 if it does not say
   */
  record Refusal(String code, String message, OptionalLong seq, long afterMillis)
      implements HubFrame {

    /** Whether the same readings may be sent again later. */
    public boolean passes() {
      return code.equals("unavailable") || code.equals("too-fast");
    }
  }

  /** Answers a ping. */
  record Pong() implements HubFrame {}

  /** A frame that breaks the protocol; {@code why} says how. */
  record Unknown(String why) implements HubFrame {}
}
