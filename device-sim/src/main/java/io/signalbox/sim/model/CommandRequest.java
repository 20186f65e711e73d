package io.signalbox.sim.model;

import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Command sent by a program.
 *
 * @param params plain values by name
 */
public record CommandRequest(String name, Map<String, Object> params) {
  private static final double MOVES = 0.1;
  private static final double MISTAKES = 0.04;

  /** Creates a command without parameters. */
  public static CommandRequest plain(String name) {
    return new CommandRequest(name, Map.of());
  }

  /**
   * Draws a typical command for a device type: mostly one that completes at once, one in ten that
   * takes time, sometimes one that the device does not know. Parameters are valid: the hub refuses
   * others, because devices describe theirs.
   */
  public static CommandRequest usual(String type, RandomGenerator random) {
    double lot = random.nextDouble();
    if (lot < MOVES) {
      return move(type, random);
    }
    if (lot < MOVES + MISTAKES) {
      return plain("fly");
    }
    return plain("identify");
  }

  private static CommandRequest move(String type, RandomGenerator random) {
    return switch (type) {
      case "thermostat" ->
          new CommandRequest("set-target", Map.of("celsius", 18 + random.nextInt(13) / 2.0));
      case "pump" -> new CommandRequest("set-speed", Map.of("rpm", 100 * random.nextInt(10, 30)));
      default -> plain("identify");
    };
  }
}
