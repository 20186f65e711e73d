package io.signalbox.sim.device;

import io.signalbox.sim.fault.CommandFaults;
import io.signalbox.sim.fault.Delay;

/**
 * How devices execute commands.
 *
 * @param delay delay of the result
 * @param faults injected faults
 */
public record CommandBehaviour(Delay delay, CommandFaults faults) {
  /** Executed and answered without delay. */
  public static final CommandBehaviour GOOD = new CommandBehaviour(Delay.NONE, CommandFaults.NONE);
}
