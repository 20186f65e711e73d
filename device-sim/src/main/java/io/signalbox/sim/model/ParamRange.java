package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;

/** A number that a command needs, with the range in which the machine can obey. */
record ParamRange(String name, double least, double most) {

  /** What the command gives for it. */
  sealed interface Given {}

  /** A number within the range. */
  record Fit(double number) implements Given {}

  /** Missing, not a number, or out of range. */
  record Unfit(String reason) implements Given {}

  Given in(JsonNode params) {
    JsonNode node = params.path(name);
    if (!node.isNumber()) {
      return new Unfit("params." + name + " must be a number");
    }
    double number = node.doubleValue();
    return number >= least && number <= most
        ? new Fit(number)
        : new Unfit("params." + name + " must be from " + plain(least) + " to " + plain(most));
  }

  private static String plain(double bound) {
    return String.valueOf(Math.round(bound));
  }
}
