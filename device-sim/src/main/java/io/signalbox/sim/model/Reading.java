package io.signalbox.sim.model;

/** Value of one channel; its {@link Sample} has the timestamp. */
public record Reading(String metric, Value value) {

  /** A number, rounded to the sensor's resolution. */
  public static Reading of(String metric, double number, int decimals) {
    return new Reading(metric, new Value.Num(rounded(number, decimals)));
  }

  /** A boolean. */
  public static Reading of(String metric, boolean flag) {
    return new Reading(metric, new Value.Flag(flag));
  }

  /** A string. */
  public static Reading of(String metric, String text) {
    return new Reading(metric, new Value.Text(text));
  }

  private static double rounded(double number, int decimals) {
    double scale = Math.pow(10, decimals);
    // Adding 0.0 turns the -0.0 that rounding makes of small negatives into 0.0: sensors have no
    // -0.
    return Math.round(number * scale) / scale + 0.0;
  }
}
