package io.signalbox.hub;

import io.signalbox.hub.websocket.WebSocketUpgrade;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the HTTP listener is set up: HTTP/1.1 and HTTP/2, in clear text (by prior knowledge) or over
 * TLS (by ALPN), and what to tell when it cannot listen. Stateless.
 */
final class HttpServerSetup {
  private static final List<String> SUBPROTOCOLS =
      List.of("signalbox.v1.json", "signalbox.v1.cbor");

  private HttpServerSetup() {}

  /**
   * What the settings ask for. Throws a {@link StartupException} for a certificate that cannot be
   * used; blocks while it looks.
   *
   * @param certificate null for clear text
   */
  static HttpServerOptions options(
      HubConfig config, @Nullable CertificateFiles certificate, Vertx vertx) {
    HttpSettings http = config.http();
    HttpServerOptions options =
        new HttpServerOptions()
            // Every response is written on its connection's loop: without this, each connection
            // would hold a queue of 4.8 KB for writes that come from elsewhere.
            .setStrictThreadMode(true)
            .setMaxHeaderSize(http.maxHeaderBytes())
            .setMaxInitialLineLength(http.maxRequestLineBytes())
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(http.maxStreams())
                    .setMaxHeaderListSize(http.maxHeaderBytes()))
            .setIdleTimeout((int) http.idleTimeout().toSeconds());
    if (certificate != null) {
      secure(options, certificate, vertx);
    }
    // No compression for WebSockets: its context would cost more than all the rest of a device.
    return WebSocketUpgrade.prepare(options, config.gateway().maxFrameBytes(), SUBPROTOCOLS);
  }

  private static void secure(HttpServerOptions options, CertificateFiles certificate, Vertx vertx) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0))
        .setKeyCertOptions(checked(certificate, vertx));
  }

  private static PemKeyCertOptions checked(CertificateFiles certificate, Vertx vertx) {
    try {
      return certificate.checked(vertx);
    } catch (Exception unusable) {
      throw new StartupException(
          StartupException.CONFIG,
          "http.tlsCertificate, http.tlsKey: %s and %s cannot be used: %s"
              .formatted(certificate.certificate(), certificate.key(), unusable.getMessage()));
    }
  }

  /** What to tell the person who started a hub that cannot listen there. */
  static StartupException explain(Throwable cause, SocketAddress address) {
    if (!(cause instanceof IOException)) {
      return new StartupException(
          StartupException.CONFIG,
          "http.tlsCertificate, http.tlsKey: cannot be used (%s)".formatted(cause.getMessage()));
    }
    // NIO throws a BindException for it, epoll an IOException of its own.
    boolean inUse = String.valueOf(cause.getMessage()).contains("in use");
    String line =
        inUse
            ? "http.port: %d is in use; choose another with --http-port".formatted(address.port())
            : "host: cannot listen on %s (%s)".formatted(address.host(), cause.getMessage());
    return new StartupException(StartupException.UNAVAILABLE, line);
  }
}
