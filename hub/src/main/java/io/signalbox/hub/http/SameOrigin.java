package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a browser's request comes from one of the hub's own pages: by Sec-Fetch-Site, else by
 * Origin (RFC 6454), whose scheme, host and port must equal those that the client used, as trusted
 * proxies report them. Browsers omit Sec-Fetch-Site over plain HTTP and in WebSocket handshakes.
 *
 * <p>The scheme is compared only if it is known: TLS may end at a proxy that does not report it.
 * Stateless: any thread.
 */
public final class SameOrigin {
  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://([^/?#@\\s]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[^\\]\\s]+]|[^:\\s]+)(?::(\\d{0,5}))?");

  private static final String ADVICE =
      "; a proxy in front must pass the Host header on unchanged, or be listed in"
          + " http.trustedProxies and send X-Forwarded-Host and X-Forwarded-Proto";

  private SameOrigin() {}

  /**
   * Throws {@code FORBIDDEN} for a request from another site's page; the detail names what was
   * compared.
   *
   * @param unsaid whether to accept a request without either header, as programs send it
   * @param refusal the first part of the detail
   */
  public static void require(HttpServerRequest request, boolean unsaid, String refusal) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      if (!site.equals("same-origin")) {
        throw refused(
            "Sec-Fetch-Site", "%s; Sec-Fetch-Site is %s, not same-origin".formatted(refusal, site));
      }
      return;
    }
    String origin = request.getHeader("Origin");
    if (origin != null) {
      requireOwn(request, origin, refusal);
    } else if (!unsaid) {
      throw refused("Origin", refusal + "; Sec-Fetch-Site and Origin are missing");
    }
  }

  private static void requireOwn(HttpServerRequest request, String origin, String refusal) {
    RequestSource source = RequestSource.of(request);
    String authority = source.authority() == null ? host(request) : source.authority();
    Matcher page = ORIGIN.matcher(origin);
    boolean own =
        page.matches() && isSame(page.group(1), page.group(2), source.scheme(), authority);
    if (!own) {
      String asked = source.scheme() == null ? authority : source.scheme() + "://" + authority;
      throw refused(
          "Origin", "%s; Origin is %s, expected %s%s".formatted(refusal, origin, asked, ADVICE));
    }
  }

  private static Refusal refused(String field, String detail) {
    return new Refusal(ErrorCode.FORBIDDEN, field, detail);
  }

  private static String host(HttpServerRequest request) {
    return request.authority() == null ? "" : request.authority().toString();
  }

  private static boolean isSame(
      String pageScheme, String pageAuthority, @Nullable String ownScheme, String ownAuthority) {
    String scheme = pageScheme.toLowerCase(Locale.ROOT);
    if (ownScheme != null && !ownScheme.equals(scheme)) {
      return false;
    }
    String page = normal(pageAuthority, scheme);
    return page != null && page.equals(normal(ownAuthority, scheme));
  }

  /** The authority with an explicit port; null if it is malformed. */
  private static @Nullable String normal(String authority, String scheme) {
    Matcher parts = AUTHORITY.matcher(authority.strip());
    if (!parts.matches()) {
      return null;
    }
    String port = Objects.requireNonNullElse(parts.group(2), "");
    String usual = scheme.equals("https") ? "443" : "80";
    String known = port.isEmpty() ? usual : port.replaceFirst("^0+(?=.)", "");
    return parts.group(1).toLowerCase(Locale.ROOT) + ":" + known;
  }
}
