package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a refusal or a goodbye says beside its number. */
public final class RetryHints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,5})");

  private RetryHints() {}

  /** A problem document in words; only the status if the body is none. */
  public static String detail(int status, byte[] body) {
    JsonNode problem = problem(body);
    String detail = problem.path("detail").asText(problem.path("title").asText());
    return detail.isEmpty() ? "HTTP " + status : "HTTP " + status + ", " + detail;
  }

  /** The problem's stable word, such as {@code too-fast}; empty if the body has none. */
  public static String code(byte[] body) {
    return problem(body).path("code").asText();
  }

  private static JsonNode problem(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException notAProblemDocument) {
      return JSON.missingNode();
    }
  }

  /** What a {@code Retry-After} header says; zero without one. */
  public static Duration retryAfter(@Nullable String header) {
    return header == null ? Duration.ZERO : seconds(header);
  }

  /** The first whole number of seconds in a text; zero if it has none. */
  public static Duration seconds(String text) {
    Matcher matcher = SECONDS.matcher(text);
    return matcher.find() ? Duration.ofSeconds(Long.parseLong(matcher.group(1))) : Duration.ZERO;
  }
}
