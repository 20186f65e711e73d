package io.signalbox.sim.fault;

import java.util.List;

/**
 * What devices do to commands beside carrying them out, as chances for each command.
 *
 * @param accept "accepted" is said first; no fault, but a habit
 * @param reject the command is turned down, though it could be done
 * @param fail it is tried and fails
 * @param silent it is done and never answered
 * @param duplicate its result is said twice
 * @param slow its answer takes ten times as long as others may, and three seconds at least
 * @param cut the connection is cut when it has been done, before it is answered
 * @param resend its result is said again on the next connection, though the hub has it
 * @param forget a chance for each connection but the first: the device has lost its memory, and
 *     does again what it is given again
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
  /** Every command is carried out and answered once. */
  public static final CommandFaults NONE = new CommandFaults(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final List<String> NAMES =
      List.of("accept", "reject", "fail", "silent", "duplicate", "slow", "cut", "resend", "forget");

  /**
   * Reads {@code reject=5%,silent=0.02}.
   *
   * @throws IllegalArgumentException naming what is not understood
   */
  public static CommandFaults parse(String text) {
    ProbabilityParser chances = ProbabilityParser.parse(text, NAMES);
    return new CommandFaults(
        chances.of("accept"),
        chances.of("reject"),
        chances.of("fail"),
        chances.of("silent"),
        chances.of("duplicate"),
        chances.of("slow"),
        chances.of("cut"),
        chances.of("resend"),
        chances.of("forget"));
  }
}
