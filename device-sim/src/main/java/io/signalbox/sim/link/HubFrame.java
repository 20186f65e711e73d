package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/** Frame from the hub to a device. */
public sealed interface HubFrame {

  /**
   * Opens a session.
   *
   * @param heartbeatSeconds the session ends after two heartbeats without data
   * @param readingsPerSecond allowed rate; 0 for unlimited
   * @param desired the twin's desired state
   */
  record Welcome(
      String device, String session, int heartbeatSeconds, int readingsPerSecond, JsonNode desired)
      implements HubFrame {}

  /** Acknowledgement: everything up to {@code seq} is durable, except messages refused before. */
  record Ack(long seq) implements HubFrame {}

  /**
   * Command; may be delivered several times, to be executed once per id.
   *
   * @param expires time from which it must not be started, Unix milliseconds
   */
  record Command(String id, String name, JsonNode params, long expires) implements HubFrame {}

  /** The twin's desired state. */
  record Desired(long version, JsonNode state) implements HubFrame {}

  /** Confirmation of the device's description, which has this version. */
  record Described(long version) implements HubFrame {}

  /** Confirmation of a command's result; not all transports send it. */
  record ResultConfirmed(String id) implements HubFrame {}

  /**
   * Refusal of a frame: of message {@code seq} if present.
   *
   * @param afterMillis time to wait before a retry, milliseconds; 0 if absent
   */
  record Refusal(String code, String message, OptionalLong seq, long afterMillis)
      implements HubFrame {

    /** Whether the readings may be repeated later. */
    public boolean passes() {
      return code.equals("unavailable") || code.equals("rate-limited");
    }
  }

  /** Answer to a ping. */
  record Pong() implements HubFrame {}

  /** Invalid frame; {@code why} is the reason. */
  record Unknown(String why) implements HubFrame {}
}
