package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The key in {@code Authorization}: a Bearer token (RFC 6750), or the password of Basic (RFC 7617),
 * whose user may be anything. Stateless: any thread.
 */
public final class AuthorizationHeader {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private AuthorizationHeader() {}

  /**
   * The key that a request shows; null without the header. Throws {@code UNAUTHENTICATED} for
   * another scheme or Basic credentials that cannot be read, {@code FORBIDDEN} for Basic from
   * another site's page: a browser adds that by itself, as it does a cookie.
   */
  public static @Nullable String key(HttpServerRequest request) {
    String header = request.getHeader("Authorization");
    if (header == null) {
      return null;
    }
    if (hasScheme(header, BEARER)) {
      return header.substring(BEARER.length()).strip();
    }
    if (hasScheme(header, BASIC)) {
      SameOrigin.require(request, true, "Basic does not count on another site's page");
      return password(header.substring(BASIC.length()).strip());
    }
    throw new Refusal(
        ErrorCode.UNAUTHENTICATED,
        "Authorization",
        "Authorization must be Bearer or Basic, and the key: Bearer <key>");
  }

  private static boolean hasScheme(String header, String scheme) {
    return header.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static String password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon >= 0) {
        return pair.substring(colon + 1);
      }
    } catch (IllegalArgumentException notBase64) {
      // Refused below, as what is Base64 of something else is.
    }
    throw new Refusal(
        ErrorCode.UNAUTHENTICATED,
        "Authorization",
        "Authorization: Basic must be Base64 of user:key; the user may be anything");
  }
}
