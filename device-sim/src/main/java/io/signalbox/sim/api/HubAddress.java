package io.signalbox.sim.api;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the hub is.
 *
 * @param base path before {@code /api} and {@code /device}, without a slash at its end; usually
 *     empty
 */
public record HubAddress(String host, int port, boolean tls, String base) {

  /**
   * Reads {@code http://HOST:PORT} or {@code https://…}.
   *
   * @throws IllegalArgumentException saying what is wrong with it
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
        "'" + url + "' is not a hub's address; it looks like http://127.0.0.1:8080");
  }

  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + shown + ":" + port + base;
  }
}
