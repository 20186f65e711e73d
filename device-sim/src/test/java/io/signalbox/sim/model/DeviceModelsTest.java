package io.signalbox.sim.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeviceModelsTest {
  private static final long START = 1_795_000_000_000L;

  @Test
  void a_thermostat_warms_to_its_target_and_reports_it() {
    Thermostat thermostat = new Thermostat(new SplittableRandom(1));
    double before = number(thermostat.readAt(START), "temperature");
    assertThat(thermostat.execute("set-target", params("celsius", 30)))
        .isInstanceOf(CommandOutcome.InProgress.class);
    assertThat(thermostat.settled()).isNull();
    assertThat(number(thermostat.readAt(START + 4000), "temperature")).isBetween(before + 2, 29.0);
    assertThat(flag(thermostat.readAt(START + 4100), "heating")).isTrue();
    thermostat.readAt(START + 60_000);
    assertThat(thermostat.settled()).containsEntry("target", 30.0);
    assertThat(thermostat.settled()).as("reported once").isNull();
  }

  @Test
  void a_pump_speeds_up_and_flow_pressure_and_power_follow() {
    Pump pump = new Pump(new SplittableRandom(2));
    pump.readAt(START);
    pump.execute("set-speed", params("rpm", 1000));
    List<Reading> slow = pump.readAt(START + 60_000);
    pump.execute("set-speed", params("rpm", 3000));
    assertThat(pump.settled()).isNull();
    List<Reading> fast = pump.readAt(START + 120_000);
    assertThat(number(fast, "speed")).isCloseTo(3000, within(10.0));
    for (String metric : List.of("flow", "pressure", "power", "vibration", "motorTemp")) {
      assertThat(number(fast, metric)).as(metric).isGreaterThan(number(slow, metric));
    }
    assertThat(pump.settled()).containsEntry("rpm", 3000.0);
  }

  @Test
  void a_stopped_pump_is_not_running() {
    Pump pump = new Pump(new SplittableRandom(3));
    pump.readAt(START);
    pump.execute("set-speed", params("rpm", 0));
    List<Reading> still = pump.readAt(START + 60_000);
    assertThat(flag(still, "running")).isFalse();
    assertThat(number(still, "flow")).isZero();
  }

  @Test
  void an_unsupported_command_is_rejected() {
    for (DeviceModel model :
        List.of(
            ModelKind.THERMOSTAT.model(0, new SplittableRandom(4)),
            ModelKind.PUMP.model(0, new SplittableRandom(4)),
            new PassiveModel())) {
      assertThat(model.execute("explode", params("now", 1)))
          .isInstanceOf(CommandOutcome.Rejected.class);
      assertThat(model.execute("identify", params("now", 1)))
          .isInstanceOf(CommandOutcome.Done.class);
    }
  }

  @Test
  void an_invalid_parameter_is_named() {
    Pump pump = new Pump(new SplittableRandom(5));
    assertThat(pump.execute("set-speed", params("speed", 3)))
        .isEqualTo(new CommandOutcome.Failed("params.rpm must be a number"));
    assertThat(pump.execute("set-speed", params("rpm", 9000)))
        .isEqualTo(new CommandOutcome.Failed("params.rpm must be from 0 to 3600"));
  }

  @Test
  void readings_have_the_decimals_of_a_real_sensor() {
    Thermostat thermostat = new Thermostat(new SplittableRandom(6));
    for (int i = 0; i < 1000; i++) {
      double celsius = number(thermostat.readAt(START + i * 100L), "temperature");
      assertThat(BigDecimal.valueOf(celsius).scale()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void a_mixed_fleet_has_both_models() {
    assertThat(ModelKind.MIXED.model(0, new SplittableRandom(7))).isInstanceOf(Thermostat.class);
    assertThat(ModelKind.MIXED.model(1, new SplittableRandom(7))).isInstanceOf(Pump.class);
  }

  private static JsonNode params(String name, double value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }

  private static Value value(List<Reading> readings, String metric) {
    return readings.stream()
        .filter(reading -> reading.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static double number(List<Reading> readings, String metric) {
    return ((Value.Num) value(readings, metric)).number();
  }

  private static boolean flag(List<Reading> readings, String metric) {
    return ((Value.Flag) value(readings, metric)).flag();
  }
}
