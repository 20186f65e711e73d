package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Model of a room with a thermostat. {@code set-target {"celsius": n}} and the twin's {@code
 * target} set the target: the temperature approaches it exponentially, faster than in a real room.
 */
public final class Thermostat implements DeviceModel {
  private static final String TYPE = "thermostat";
  private static final SelfDescription DESCRIPTION = SelfDescription.of(TYPE);
  private static final double TIME_CONSTANT_SECONDS = 8;
  private static final double REACHED_WITHIN = 0.25;
  private static final ParamRange CELSIUS = new ParamRange("celsius", 5, 35);
  private static final ParamRange TARGET = new ParamRange("target", 5, 35);

  private final RandomGenerator random;
  private double target;
  private double temperature;
  private double humidity;
  private long at;
  private boolean underway;

  /** Creates a thermostat near its target temperature. */
  public Thermostat(RandomGenerator random) {
    this.random = random;
    this.target = Math.round(random.nextDouble(36, 44)) / 2.0;
    this.temperature = target + random.nextGaussian() * 0.3;
    this.humidity = random.nextDouble(38, 56);
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public SelfDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Reading> readAt(long nowMillis) {
    advance(nowMillis);
    boolean heating = temperature < target - REACHED_WITHIN / 2;
    boolean cooling = temperature > target + 1;
    return List.of(
        Reading.of("temperature", temperature + random.nextGaussian() * 0.03, 2),
        Reading.of("target", target, 1),
        Reading.of("humidity", humidity, 1),
        Reading.of("heating", heating),
        Reading.of("mode", heating ? "heat" : cooling ? "cool" : "idle"));
  }

  private void advance(long nowMillis) {
    double seconds = at == 0 ? 0 : Math.max(0, nowMillis - at) / 1000.0;
    at = nowMillis;
    double before = temperature;
    temperature += (target - temperature) * (1 - Math.exp(-seconds / TIME_CONSTANT_SECONDS));
    temperature += random.nextGaussian() * 0.02 * Math.sqrt(Math.min(seconds, 10));
    // Warm air holds more water: relative humidity falls as the temperature rises.
    double drift = -1.4 * (temperature - before) + random.nextGaussian() * 0.05;
    humidity = Math.clamp(humidity + drift, 20, 80);
  }

  @Override
  public CommandOutcome execute(String command, JsonNode params) {
    return switch (command) {
      case "set-target" -> setTarget(CELSIUS.in(params));
      case "identify" -> DeviceModel.identify();
      default -> DeviceModel.unknown(TYPE, command, "set-target", "identify");
    };
  }

  @Override
  public Reported adopt(JsonNode desired) {
    double before = target;
    if (TARGET.in(desired) instanceof ParamRange.Fit fit) {
      target = fit.number();
    }
    return desired.path("target").isMissingNode()
        ? Reported.NOTHING
        : new Reported(target != before, Map.of("target", target));
  }

  private CommandOutcome setTarget(ParamRange.Given given) {
    return switch (given) {
      case ParamRange.Invalid unfit -> new CommandOutcome.Failed(unfit.reason());
      case ParamRange.Fit fit -> {
        target = fit.number();
        underway = true;
        yield new CommandOutcome.InProgress();
      }
    };
  }

  @Override
  public @Nullable Map<String, Object> settled() {
    if (!underway || Math.abs(temperature - target) > REACHED_WITHIN) {
      return null;
    }
    underway = false;
    return Map.of("celsius", Math.round(temperature * 100) / 100.0, "target", target);
  }
}
