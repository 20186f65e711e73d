package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The physical side of a device. Time is handed in and only moves forward; a machine is touched by
 * the loop of its device alone.
 */
public sealed interface DeviceModel permits Thermostat, Pump, PassiveModel {

  /** The kind of device, as the registry shows it. */
  String type();

  /** What every channel reads at {@code nowMillis}. */
  List<Reading> readAt(long nowMillis);

  /** Takes a command. */
  CommandOutcome execute(String command, JsonNode params);

  /**
   * Whether the command that was last answered with {@link CommandOutcome.InProgress} has been
   * carried out; if so what came of it, else null. Changes only by {@link #readAt}.
   */
  @Nullable Map<String, Object> settled();

  /** Does what it understands of a desired state; what it does not know is left alone. */
  default Reported adopt(JsonNode desired) {
    return Reported.NOTHING;
  }

  /**
   * What a machine reports after it was told what is desired.
   *
   * @param changed whether it now wants something else than before
   * @param patch where it stands, for each desired property that it understands
   */
  record Reported(boolean changed, Map<String, Object> patch) {
    static final Reported NOTHING = new Reported(false, Map.of());
  }

  /** A lamp blinks: every machine can show where it stands. */
  static CommandOutcome identify() {
    return new CommandOutcome.Done(Map.of("blinked", 3));
  }

  /** The answer to what this machine cannot do. */
  static CommandOutcome unknown(String type, String command, String... known) {
    String list = String.join(", ", known);
    return new CommandOutcome.Rejected("a " + type + " knows " + list + "; not " + command);
  }
}
