package io.signalbox.sim.model;

import com.fasterxml.jackson.databind.JsonNode;

/** Numeric command parameter with its valid range. */
record ParamRange(String name, double least, double most) {

  /** Parsed parameter value. */
  sealed interface Given {}

  /** Valid value. */
  record Fit(double number) implements Given {}

  /** Missing, not a number or out of range. */
  record Invalid(String reason) implements Given {}

  Given in(JsonNode params) {
    JsonNode node = params.path(name);
    if (!node.isNumber()) {
      return new Invalid("params." + name + " must be a number");
    }
    double number = node.doubleValue();
    return number >= least && number <= most
        ? new Fit(number)
        : new Invalid("params." + name + " must be from " + plain(least) + " to " + plain(most));
  }

  private static String plain(double bound) {
    return String.valueOf(Math.round(bound));
  }
}
