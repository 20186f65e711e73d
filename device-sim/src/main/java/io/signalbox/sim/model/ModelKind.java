package io.signalbox.sim.model;

import java.util.random.RandomGenerator;

/** Device models of a fleet. */
public enum ModelKind {
  THERMOSTAT,
  PUMP,
  /** Thermostats and pumps alternately. */
  MIXED;

  /** The model of the {@code index}-th device. */
  public DeviceModel model(int index, RandomGenerator random) {
    return switch (this) {
      case THERMOSTAT -> new Thermostat(random);
      case PUMP -> new Pump(random);
      case MIXED -> index % 2 == 0 ? new Thermostat(random) : new Pump(random);
    };
  }
}
