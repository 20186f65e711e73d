package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Physical model of a device. The caller passes the time, which only moves forward. Confined to the
 * device's event loop.
 */
public sealed interface DeviceModel permits Thermostat, Pump, PassiveModel {

  /** The device type for the registry. */
  String type();

  /** What a device of this model says of itself. */
  SelfDescription description();

  /** Advances the model to {@code nowMillis} and reads all channels. */
  List<Reading> readAt(long nowMillis);

  /** Executes a command. */
  CommandOutcome execute(String command, JsonNode params);

  /**
   * The result of the last command with outcome {@link CommandOutcome.InProgress}; null while it is
   * in progress. Changes only in {@link #readAt}.
   */
  @Nullable Map<String, Object> settled();

  /** Applies the known properties of a desired state and ignores the others. */
  default Reported adopt(JsonNode desired) {
    return Reported.NOTHING;
  }

  /**
   * Reported state after applying a desired state.
   *
   * @param changed whether the target has changed
   * @param patch current value of each known desired property
   */
  record Reported(boolean changed, Map<String, Object> patch) {
    static final Reported NOTHING = new Reported(false, Map.of());
  }

  /** Blinks a lamp; supported by all models. */
  static CommandOutcome identify() {
    return new CommandOutcome.Done(Map.of("blinked", 3));
  }

  /** Rejects an unknown command. */
  static CommandOutcome unknown(String type, String command, String... known) {
    String list = String.join(", ", known);
    return new CommandOutcome.Rejected(
        "unknown command " + command + "; a " + type + " supports " + list);
  }
}
