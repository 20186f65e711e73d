package io.signalbox.sim.api;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Address of a hub.
 *
 * @param base path before {@code /api} and {@code /device}, without a trailing slash; usually empty
 */
public record HubAddress(String host, int port, boolean tls, String base) {

  /**
   * Parses {@code http://HOST:PORT} or {@code https://…}.
   *
   * @throws IllegalArgumentException if the URL is invalid
   */
  public static HubAddress parse(String url) {
    try {
      return of(new URI(url.strip()), url);
    } catch (URISyntaxException e) {
      throw wrong(url);
    }
  }

  private static HubAddress of(URI uri, String url) {
    String scheme = String.valueOf(uri.getScheme());
    boolean tls = scheme.equals("https");
    if (uri.getHost() == null || !(tls || scheme.equals("http"))) {
      throw wrong(url);
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return new HubAddress(host, port, tls, uri.getPath().replaceFirst("/+$", ""));
  }

  private static IllegalArgumentException wrong(String url) {
    return new IllegalArgumentException(
        "expected a URL such as http://127.0.0.1:8080, got '" + url + "'");
  }

  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + shown + ":" + port + base;
  }
}
