package io.signalbox.types.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * UCUM codes of units that models name otherwise: {@code degreeCelsius} of DTDL, {@code
 * om:degree_Celsius} and {@code unit:DEG_C} of ontologies, {@code °C} in free text.
 */
final class UnitCodes {
  private static final Properties CODES = load();
  private static final Set<String> VALUES =
      Set.copyOf(CODES.stringPropertyNames().stream().map(CODES::getProperty).toList());

  /** Most characters of a unit in a device type. */
  private static final int LENGTH = 32;

  private UnitCodes() {}

  /** The code of a unit; null if the unit is not known. */
  static @Nullable String of(String unit) {
    String plain = unit.replace('²', '2').replace('³', '3').replace('µ', 'u');
    return VALUES.contains(plain) ? plain : CODES.getProperty(key(unit));
  }

  /** Whether an unknown unit can be kept as it is: a short text that is not an identifier. */
  static boolean isPlain(String unit) {
    return unit.length() <= LENGTH && unit.indexOf(':') < 0;
  }

  /** The local name of an identifier, in lower case, without separators of words. */
  private static String key(String unit) {
    String name = unit.replaceFirst("^dtmi:.*:([^:;]+);\\d+$", "$1");
    if (name.contains(":")) {
      name = name.replaceFirst("^.*[:/#]", "");
    }
    return name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
  }

  private static Properties load() {
    Properties codes = new Properties();
    try (InputStream file = UnitCodes.class.getResourceAsStream("units.properties")) {
      if (file == null) {
        throw new IllegalStateException("units.properties is missing");
      }
      codes.load(new InputStreamReader(file, StandardCharsets.UTF_8));
      return codes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
