package io.signalbox.sim.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a refused upgrade or a goodbye says beside its code. */
public final class Refusals {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,5})");

  private Refusals() {}

  static String detail(UpgradeRejectedException refused) {
    String status = "HTTP " + refused.getStatus();
    try {
      JsonNode problem = JSON.readTree(refused.getBody().getBytes());
      String detail = problem.path("detail").asText(problem.path("title").asText());
      return detail.isEmpty() ? status : status + ", " + detail;
    } catch (IOException | IllegalStateException notAProblemDocument) {
      return status;
    }
  }

  static Duration retryAfter(UpgradeRejectedException refused) {
    String header = refused.getHeaders().get("Retry-After");
    return header == null ? Duration.ZERO : seconds(header);
  }

  /** The first whole number of seconds in a text; zero if it has none. */
  public static Duration seconds(String text) {
    Matcher matcher = SECONDS.matcher(text);
    return matcher.find() ? Duration.ofSeconds(Long.parseLong(matcher.group(1))) : Duration.ZERO;
  }
}
