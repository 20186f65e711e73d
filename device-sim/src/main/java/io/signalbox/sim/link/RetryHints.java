package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Details of an error response or a close reason. */
public final class RetryHints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,5})");

  private RetryHints() {}

  /** Text of a problem document; only the status if the body is none. */
  public static String detail(int status, byte[] body) {
    JsonNode problem = problem(body);
    String detail = problem.path("detail").asText(problem.path("title").asText());
    return detail.isEmpty() ? "HTTP " + status : "HTTP " + status + ", " + detail;
  }

  /** The problem code, such as {@code rate-limited}; empty if the body has none. */
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

  /** Value of a {@code Retry-After} header; zero if absent. */
  public static Duration retryAfter(@Nullable String header) {
    return header == null ? Duration.ZERO : seconds(header);
  }

  /** First integer in a text, as seconds; zero if none. */
  public static Duration seconds(String text) {
    Matcher matcher = SECONDS.matcher(text);
    return matcher.find() ? Duration.ofSeconds(Long.parseLong(matcher.group(1))) : Duration.ZERO;
  }
}
