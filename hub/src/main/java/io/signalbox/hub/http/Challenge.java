package io.signalbox.hub.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * The {@code WWW-Authenticate} challenges of a 401 (RFC 9110, 11.6.1). Browsers get no Basic
 * challenge: they would open a dialog in front of the console and then send the credentials with
 * every request, whichever site's page makes it. Stateless: any thread.
 */
public final class Challenge {
  private static final String NAME = "WWW-Authenticate";
  private static final String BEARER = "Bearer realm=\"signalbox\"";
  private static final String BASIC = "Basic realm=\"signalbox\", charset=\"UTF-8\"";

  /** Over plain HTTP browsers omit Sec-Fetch-Mode; EventSource and links send no Origin. */
  private static final List<String> OF_BROWSERS =
      List.of("Sec-Fetch-Mode", "Sec-Fetch-Site", "Origin", "Cookie");

  private Challenge() {}

  /** Adds the challenges to the headers of a 401, one line each: many clients parse no lists. */
  public static void write(MultiMap head, HttpServerRequest request) {
    head.set(NAME, BEARER);
    if (!isBrowser(request)) {
      head.add(NAME, BASIC);
    }
  }

  private static boolean isBrowser(HttpServerRequest request) {
    String agent = request.getHeader("User-Agent");
    return (agent != null && agent.startsWith("Mozilla/"))
        || OF_BROWSERS.stream().anyMatch(request.headers()::contains);
  }
}
