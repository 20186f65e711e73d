package io.signalbox.sim.device;

import io.signalbox.sim.fault.CommandFaults;
import io.signalbox.sim.fault.Delay;

/**
 * How devices treat the commands that they are given.
 *
 * @param delay how long it takes until a result is said
 * @param faults what else they do
 */
public record CommandBehaviour(Delay delay, CommandFaults faults) {
  /** Done and answered at once. */
  public static final CommandBehaviour GOOD = new CommandBehaviour(Delay.NONE, CommandFaults.NONE);
}
