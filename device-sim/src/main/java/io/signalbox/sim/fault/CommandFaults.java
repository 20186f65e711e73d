package io.signalbox.sim.fault;

import java.util.List;

/**
 * Injected command faults, as probabilities per command.
 *
 * @param accept accepted is sent before the result (valid behaviour, not a fault)
 * @param reject the command is rejected although it could be executed
 * @param fail the command is executed and fails
 * @param silent the command is executed and never answered
 * @param duplicate the result is sent twice
 * @param slow the answer takes ten times the longest delay, at least 3 s
 * @param cut the connection is cut after execution, before the answer
 * @param resend the result is sent again on the next connection although the hub has it
 * @param forget probability per reconnect: the device loses its memory and executes redelivered
 *     commands again
 */
public record CommandFaults(
    double accept,
    double reject,
    double fail,
    double silent,
    double duplicate,
    double slow,
    double cut,
    double resend,
    double forget) {
  /** No faults: every command is executed and answered once. */
  public static final CommandFaults NONE = new CommandFaults(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final List<String> NAMES =
      List.of("accept", "reject", "fail", "silent", "duplicate", "slow", "cut", "resend", "forget");

  /**
   * Reads {@code reject=5%,silent=0.02}.
   *
   * @throws IllegalArgumentException if the text is invalid; the message names the invalid part
   */
  public static CommandFaults parse(String text) {
    ProbabilityParser probabilities = ProbabilityParser.parse(text, NAMES);
    return new CommandFaults(
        probabilities.of("accept"),
        probabilities.of("reject"),
        probabilities.of("fail"),
        probabilities.of("silent"),
        probabilities.of("duplicate"),
        probabilities.of("slow"),
        probabilities.of("cut"),
        probabilities.of("resend"),
        probabilities.of("forget"));
  }
}
