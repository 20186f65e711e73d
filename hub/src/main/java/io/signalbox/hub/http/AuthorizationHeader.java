package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads the API key from {@code Authorization}: a Bearer token (RFC 6750), or the password of Basic
 * (RFC 7617) with any user name. Stateless: any thread.
 */
public final class AuthorizationHeader {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private AuthorizationHeader() {}

  /**
   * The key of a request; null without the header. Throws {@code UNAUTHENTICATED} for another
   * scheme or malformed Basic credentials, and {@code FORBIDDEN} for Basic from another site's
   * page, because a browser adds Basic by itself as it does a cookie.
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
      SameOrigin.require(request, true, "Basic is accepted from the hub's own pages only");
      return password(header.substring(BASIC.length()).strip());
    }
    throw new Refusal(
        ErrorCode.UNAUTHENTICATED,
        "Authorization",
        "Authorization must be Bearer or Basic; send Authorization: Bearer <key>");
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
      // Invalid Base64 is refused below, together with text that has no colon.
    }
    throw new Refusal(
        ErrorCode.UNAUTHENTICATED,
        "Authorization",
        "Authorization: Basic must be the Base64 of user:key; any user is accepted");
  }
}
