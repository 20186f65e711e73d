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
 * Whether a browser says that a page of this hub's own sends a request: by Sec-Fetch-Site, else by
 * Origin (RFC 6454), whose scheme, host and port must be those that the client asked, as trusted
 * proxies tell them. Browsers leave Sec-Fetch-Site out over plain HTTP and in handshakes.
 *
 * <p>The scheme counts where it is known: TLS may end in a proxy that says nothing of it.
 * Stateless: any thread.
 */
public final class SameOrigin {
  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://([^/?#@\\s]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[^\\]\\s]+]|[^:\\s]+)(?::(\\d{0,5}))?");

  private static final String ADVICE =
      "; a proxy in front must pass Host on as it came, or be one of http.trustedProxies and send"
          + " X-Forwarded-Host and X-Forwarded-Proto";

  private SameOrigin() {}

  /**
   * Refuses, as {@code FORBIDDEN}, what another site's page sends; says what was compared.
   *
   * @param unsaid whether a request passes that says nothing of where it comes from, as those of
   *     programs do
   * @param refusal what is refused, as the detail begins
   */
  public static void require(HttpServerRequest request, boolean unsaid, String refusal) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      if (!site.equals("same-origin")) {
        throw refused(
            "Sec-Fetch-Site", "%s: Sec-Fetch-Site is %s, not same-origin".formatted(refusal, site));
      }
      return;
    }
    String origin = request.getHeader("Origin");
    if (origin != null) {
      requireOwn(request, origin, refusal);
    } else if (!unsaid) {
      throw refused("Origin", refusal + ": neither Sec-Fetch-Site nor Origin names a page");
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
          "Origin",
          "%s: Origin is %s, the hub was asked at %s%s".formatted(refusal, origin, asked, ADVICE));
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

  /** With the port of the scheme where there is none; null if it is no authority. */
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
