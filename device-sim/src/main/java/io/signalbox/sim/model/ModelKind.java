package io.signalbox.sim.model;

import java.util.random.RandomGenerator;

/** Which machines a fleet is made of. */
public enum ModelKind {
  THERMOSTAT,
  PUMP,
  /** Thermostats and pumps in turn. */
  MIXED;

  /** The machine of the fleet's {@code index}-th device. */
  public DeviceModel machine(int index, RandomGenerator random) {
    return switch (this) {
      case THERMOSTAT -> new Thermostat(random);
      case PUMP -> new Pump(random);
      case MIXED -> index % 2 == 0 ? new Thermostat(random) : new Pump(random);
    };
  }
}
