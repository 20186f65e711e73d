package io.signalbox.sim.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.sim.fault.Delay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Power profile that a device reports.
 *
 * @param minMillis minimum time between two contacts
 * @param maxMillis maximum time between two contacts
 * @param cost cost of a contact, in seconds of command latency
 * @param batteryPercent charge of the battery
 * @param windows times of day (UTC) at which the device is reachable, such as 22:00-06:30; empty:
 *     always
 */
public record PowerProfile(
    OptionalLong minMillis,
    OptionalLong maxMillis,
    OptionalDouble cost,
    OptionalDouble batteryPercent,
    List<String> windows) {
  /** No profile is reported. */
  public static final PowerProfile NONE =
      new PowerProfile(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          List.of());

  private static final Pattern WINDOW =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d");

  /**
   * Parses {@code min=1s,max=5m,cost=2,battery=71,window=22:00-06:30}; {@code window} may be
   * repeated.
   *
   * @throws IllegalArgumentException if the text is invalid; the message names the field
   */
  public static PowerProfile parse(String text) {
    PowerProfile power = NONE;
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      power = power.with(pair[0], pair.length == 2 ? pair[1] : "");
    }
    if (power.minMillis.orElse(0) > power.maxMillis.orElse(Long.MAX_VALUE)) {
      throw new IllegalArgumentException("min must not be greater than max");
    }
    return power;
  }

  private PowerProfile with(String name, String value) {
    return switch (name) {
      case "min" -> new PowerProfile(span(name, value), maxMillis, cost, batteryPercent, windows);
      case "max" -> new PowerProfile(minMillis, span(name, value), cost, batteryPercent, windows);
      case "cost" ->
          new PowerProfile(minMillis, maxMillis, number(name, value, 1e6), batteryPercent, windows);
      case "battery" ->
          new PowerProfile(minMillis, maxMillis, cost, number(name, value, 100), windows);
      case "window" -> new PowerProfile(minMillis, maxMillis, cost, batteryPercent, plus(value));
      default ->
          throw new IllegalArgumentException(
              "unknown field '" + name + "'; expected one of min, max, cost, battery, window");
    };
  }

  private static OptionalLong span(String name, String text) {
    long millis = Delay.millis(text);
    if (millis < 1) {
      throw new IllegalArgumentException(name + " must be a duration such as 500ms, 30s or 5m");
    }
    return OptionalLong.of(millis);
  }

  private static OptionalDouble number(String name, String text, double most) {
    try {
      double number = Double.parseDouble(text);
      if (number >= 0 && number <= most) {
        return OptionalDouble.of(number);
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(name + " must be a number from 0 to " + (long) most);
  }

  private List<String> plus(String window) {
    if (!WINDOW.matcher(window).matches()) {
      throw new IllegalArgumentException(
          "window must be two times of day (UTC) such as 22:00-06:30");
    }
    List<String> all = new ArrayList<>(windows);
    all.add(window);
    return List.copyOf(all);
  }

  boolean isSaid() {
    return !equals(NONE);
  }

  long clamp(long millis) {
    return Math.max(minMillis.orElse(1), Math.min(millis, maxMillis.orElse(Long.MAX_VALUE)));
  }

  /** Writes the fields into the current object. */
  void write(JsonGenerator out) throws IOException {
    if (minMillis.isPresent()) {
      out.writeNumberField("minInterval", minMillis.getAsLong());
    }
    if (maxMillis.isPresent()) {
      out.writeNumberField("maxInterval", maxMillis.getAsLong());
    }
    if (cost.isPresent()) {
      out.writeNumberField("pollCost", cost.getAsDouble());
    }
    if (batteryPercent.isPresent()) {
      out.writeNumberField("batteryPercent", batteryPercent.getAsDouble());
    }
    if (!windows.isEmpty()) {
      out.writePOJOField("windows", windows);
    }
  }
}
