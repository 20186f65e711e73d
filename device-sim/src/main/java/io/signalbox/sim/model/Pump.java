package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Model of a centrifugal pump. {@code set-speed {"rpm": n}} and the twin's {@code speed} change its
 * speed on a ramp; flow, pressure and power follow the affinity laws (speed, its square, its cube),
 * the motor warms up.
 */
public final class Pump implements DeviceModel {
  private static final String TYPE = "pump";
  private static final SelfDescription DESCRIPTION = SelfDescription.of(TYPE);
  private static final double RATED_RPM = 3000;
  private static final double RAMP_RPM_PER_SECOND = 300;
  private static final double MOTOR_TIME_CONSTANT_SECONDS = 60;
  private static final ParamRange RPM = new ParamRange("rpm", 0, 3600);
  private static final ParamRange SPEED = new ParamRange("speed", 0, 3600);

  private final RandomGenerator random;
  private final double wear;
  private double wanted;
  private double speed;
  private double motor;
  private long at;
  private boolean underway;

  /** Creates a pump in steady operation. */
  public Pump(RandomGenerator random) {
    this.random = random;
    this.wear = random.nextDouble(0.8, 1.4);
    this.wanted = Math.round(random.nextDouble(12, 26)) * 100.0;
    this.speed = wanted;
    this.motor = warmAt(speed);
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
    double share = speed / RATED_RPM;
    boolean running = speed > 1;
    return List.of(
        Reading.of("speed", noisy(speed, running ? 1.5 : 0), 0),
        Reading.of("flow", noisy(48 * share, 0.15 * share), 1),
        Reading.of("pressure", noisy(6.2 * share * share, 0.02 * share), 2),
        Reading.of("power", noisy(7.5 * share * share * share, 0.02 * share), 2),
        Reading.of("vibration", noisy(0.05 + wear * 2.1 * share * share, 0.06 * share), 3),
        Reading.of("motorTemp", noisy(motor, 0.05), 1),
        Reading.of("running", running));
  }

  private void advance(long nowMillis) {
    double seconds = at == 0 ? 0 : Math.max(0, nowMillis - at) / 1000.0;
    at = nowMillis;
    double step = RAMP_RPM_PER_SECOND * seconds;
    speed += Math.clamp(wanted - speed, -step, step);
    motor += (warmAt(speed) - motor) * (1 - Math.exp(-seconds / MOTOR_TIME_CONSTANT_SECONDS));
  }

  private static double warmAt(double rpm) {
    double share = rpm / RATED_RPM;
    return 22 + 43 * share * share;
  }

  private double noisy(double truth, double spread) {
    return Math.max(0, truth + random.nextGaussian() * spread);
  }

  @Override
  public CommandOutcome execute(String command, JsonNode params) {
    return switch (command) {
      case "set-speed" -> setSpeed(RPM.in(params));
      case "identify" -> DeviceModel.identify();
      default -> DeviceModel.unknown(TYPE, command, "set-speed", "identify");
    };
  }

  @Override
  public Reported adopt(JsonNode desired) {
    double before = wanted;
    if (SPEED.in(desired) instanceof ParamRange.Fit fit) {
      wanted = fit.number();
    }
    return desired.path("speed").isMissingNode()
        ? Reported.NOTHING
        : new Reported(wanted != before, Map.of("speed", wanted));
  }

  private CommandOutcome setSpeed(ParamRange.Given given) {
    return switch (given) {
      case ParamRange.Invalid unfit -> new CommandOutcome.Failed(unfit.reason());
      case ParamRange.Fit fit -> {
        wanted = fit.number();
        underway = true;
        yield new CommandOutcome.InProgress();
      }
    };
  }

  @Override
  public @Nullable Map<String, Object> settled() {
    if (!underway || Math.abs(speed - wanted) > 1e-6) {
      return null;
    }
    underway = false;
    return Map.of("rpm", wanted);
  }
}
