package io.signalbox.hub.devicetype;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.PollingDefaults;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a device type.
 *
 * @param description for people; null if none
 * @param metrics by name
 * @param commands by name
 * @param desired JSON Schema of the desired state; null for any
 * @param reported JSON Schema of the reported state; null for any
 * @param strictness what happens to readings that do not fit
 * @param offlineAfter silence after which a device without a connection counts as offline; null for
 *     the default
 * @param polling defaults for devices that poll; null for the hub's
 */
public record DeviceType(
    @Nullable String description,
    Map<String, MetricType> metrics,
    Map<String, CommandType> commands,
    @Nullable Json desired,
    @Nullable Json reported,
    Strictness strictness,
    @Nullable Duration offlineAfter,
    @Nullable PollingDefaults polling) {
  /** Maximum length of a type's name, in characters. */
  public static final int NAME_LENGTH = 64;

  /** What happens to readings that do not fit. */
  public enum Strictness {
    ACCEPT,
    TAG,
    REFUSE
  }

  /** Kind of a metric's values. */
  public enum Kind {
    NUMBER,
    BOOLEAN,
    TEXT,
    ENUM,
    OBJECT
  }

  /** What a command may do to the machine or to people near it. */
  public enum Risk {
    NONE,
    DISTURBS,
    DESTROYS
  }

  /**
   * A metric.
   *
   * @param unit UCUM or SenML code, such as {@code Cel} or {@code L/min}
   * @param decimals digits after the point, for display
   * @param display range of charts and sliders
   * @param usual range outside of which a value is worth a look
   * @param interval time after which a value is late
   * @param values labels of an enumeration, by value
   */
  public record MetricType(
      @Nullable String label,
      @Nullable String description,
      @Nullable String unit,
      @Nullable Kind kind,
      @Nullable Integer decimals,
      Range display,
      Range usual,
      @Nullable Duration interval,
      Map<String, String> values) {}

  /** A range; null bounds are open. */
  public record Range(@Nullable Double min, @Nullable Double max) {}

  /**
   * A command.
   *
   * @param params JSON Schema of the parameters; null for any
   * @param result JSON Schema of the result; null for any
   * @param ttl default time to live; null for the hub's
   * @param collapse default collapse key; null for none
   * @param undo the command that undoes it; null if none does
   * @param reportedBy where the effect of each parameter can be seen: a metric's name, or a pointer
   *     into the twin such as {@code /reported/level}. The empty name stands for the whole command
   */
  public record CommandType(
      @Nullable String label,
      @Nullable String description,
      @Nullable Json params,
      @Nullable Json result,
      @Nullable Duration ttl,
      @Nullable String collapse,
      Risk risk,
      @Nullable Undo undo,
      Map<String, String> reportedBy) {}

  /**
   * A command that undoes another one.
   *
   * @param name a command of the same type
   * @param params its parameters; a value {@code {"$before": place}} stands for what the place held
   *     before the command, with places as in {@link CommandType#reportedBy}
   */
  public record Undo(String name, Json params) {}

  /** Whether the text can be the name of a type, and so a segment of a path. */
  public static boolean isName(String text) {
    int length = text.codePointCount(0, text.length());
    return length >= 1
        && length <= NAME_LENGTH
        && text.indexOf('/') < 0
        && !text.equals(".")
        && !text.equals("..")
        && text.codePoints().noneMatch(DeviceType::isUnprintable);
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }
}
