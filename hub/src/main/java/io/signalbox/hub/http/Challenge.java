package io.signalbox.hub.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * What a 401 asks for (RFC 9110, 11.6.1). Basic is left out for browsers: it would make them open a
 * dialog in front of the console, and then send what was typed with every request, whoever's page
 * makes it. Stateless: any thread.
 */
public final class Challenge {
  private static final String NAME = "WWW-Authenticate";
  private static final String BEARER = "Bearer realm=\"signalbox\"";
  private static final String BASIC = "Basic realm=\"signalbox\", charset=\"UTF-8\"";

  /** Over plain HTTP, browsers leave out Sec-Fetch-Mode; EventSource and links have no Origin. */
  private static final List<String> OF_BROWSERS =
      List.of("Sec-Fetch-Mode", "Sec-Fetch-Site", "Origin", "Cookie");

  private Challenge() {}

  /** Puts the challenges into the head of a 401, a line for each: many clients read no lists. */
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
