package io.signalbox.hub.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Whether a browser says that a page of this hub's own sends a request: by Sec-Fetch-Site, else by
 * Origin. Stateless: any thread.
 */
public final class SameOrigin {
  private SameOrigin() {}

  /**
   * Whether the request comes from a page of this hub.
   *
   * @param otherwise the answer when the request says nothing of where it comes from
   */
  public static boolean allows(HttpServerRequest request, boolean otherwise) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeader("Origin");
    return origin == null ? otherwise : authority(origin) != null && isOwn(request, origin);
  }

  private static boolean isOwn(HttpServerRequest request, String origin) {
    HostAndPort host = request.authority();
    return host != null && host.toString().equalsIgnoreCase(authority(origin));
  }

  private static @Nullable String authority(String origin) {
    try {
      return URI.create(origin).getAuthority();
    } catch (IllegalArgumentException notAnOrigin) {
      return null;
    }
  }
}
