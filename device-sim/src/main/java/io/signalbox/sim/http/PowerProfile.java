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
 * What a device says of its power.
 *
 * @param minMillis that must pass between two contacts
 * @param maxMillis that may pass at most
 * @param cost what a contact is worth, in seconds that one command waits
 * @param batteryPercent its charge
 * @param windows times of day, UTC, at which it can be reached, such as 22:00-06:30; empty: always
 */
public record PowerProfile(
    OptionalLong minMillis,
    OptionalLong maxMillis,
    OptionalDouble cost,
    OptionalDouble batteryPercent,
    List<String> windows) {
  /** Nothing is said. */
  public static final PowerProfile UNSAID =
      new PowerProfile(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          List.of());

  private static final Pattern WINDOW =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d");

  /**
   * Reads {@code min=1s,max=5m,cost=2,battery=71,window=22:00-06:30}; {@code window} may come
   * several times.
   *
   * @throws IllegalArgumentException naming what is not understood
   */
  public static PowerProfile parse(String text) {
    PowerProfile power = UNSAID;
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      power = power.with(pair[0], pair.length == 2 ? pair[1] : "");
    }
    if (power.minMillis.orElse(0) > power.maxMillis.orElse(Long.MAX_VALUE)) {
      throw new IllegalArgumentException("min must not be above max");
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
              "'" + name + "' is not known; there are min, max, cost, battery, window");
    };
  }

  private static OptionalLong span(String name, String text) {
    long millis = Delay.millis(text);
    if (millis < 1) {
      throw new IllegalArgumentException(name + " must be a time such as 500ms, 30s or 5m");
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
      // The message below says all there is to say.
    }
    throw new IllegalArgumentException(name + " must be a number from 0 to " + (long) most);
  }

  private List<String> plus(String window) {
    if (!WINDOW.matcher(window).matches()) {
      throw new IllegalArgumentException("window must be times of day, UTC, such as 22:00-06:30");
    }
    List<String> all = new ArrayList<>(windows);
    all.add(window);
    return List.copyOf(all);
  }

  boolean isSaid() {
    return !equals(UNSAID);
  }

  long clamp(long millis) {
    return Math.max(minMillis.orElse(1), Math.min(millis, maxMillis.orElse(Long.MAX_VALUE)));
  }

  /** Writes its fields into an object that is open. */
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
