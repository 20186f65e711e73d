package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The {@code Accept} header of a request (RFC 9110, section 12.5.1). */
public final class AcceptHeader {
  private record MediaRange(String type, double weight) {
    /** How specifically the range matches the type: 0 no match, 3 an exact match. */
    int fit(String offered) {
      if (type.equals(offered)) {
        return 3;
      }
      if (type.endsWith("/*") && offered.startsWith(type.substring(0, type.length() - 1))) {
        return 2;
      }
      return type.equals("*/*") ? 1 : 0;
    }
  }

  private final List<MediaRange> ranges = new ArrayList<>();

  /** Parses the header; without one, every type is accepted. */
  public AcceptHeader(@Nullable String header) {
    if (header != null && !header.isBlank()) {
      for (String item : header.split(",", -1)) {
        add(item.strip());
      }
    }
  }

  private void add(String item) {
    String[] parts = item.toLowerCase(Locale.ROOT).split(";", -1);
    double weight = 1;
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        weight = weight(parameter.substring(2));
      }
    }
    if (!parts[0].isBlank()) {
      ranges.add(new MediaRange(parts[0].strip(), weight));
    }
  }

  private static double weight(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }

  /** The preferred type; on a tie, the first one offered. Throws NOT_ACCEPTABLE if none matches. */
  public String best(List<String> offered) {
    String best = offered.getFirst();
    double liking = ranges.isEmpty() ? 1 : 0;
    for (String type : offered) {
      double weight = weightOf(type);
      if (weight > liking) {
        best = type;
        liking = weight;
      }
    }
    if (liking == 0) {
      throw new Refusal(
          ErrorCode.NOT_ACCEPTABLE,
          "Accept",
          "no available media type is accepted; available: " + String.join(", ", offered));
    }
    return best;
  }

  /** Whether the header names the type itself, not only a wildcard that covers it. */
  public boolean names(String type) {
    return ranges.stream().anyMatch(range -> range.weight > 0 && range.type.equals(type));
  }

  private double weightOf(String type) {
    int closest = 0;
    double weight = 0;
    for (MediaRange range : ranges) {
      int fit = range.fit(type);
      if (fit > closest) {
        closest = fit;
        weight = range.weight;
      }
    }
    return weight;
  }
}
