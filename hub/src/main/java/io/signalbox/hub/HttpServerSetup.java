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
 * Options of the HTTP listener: HTTP/1.1 and HTTP/2, in clear text (prior knowledge) or over TLS
 * (ALPN); and the error messages if it cannot listen. Stateless.
 */
final class HttpServerSetup {
  private static final List<String> SUBPROTOCOLS =
      List.of("signalbox.v1.json", "signalbox.v1.cbor");

  private HttpServerSetup() {}

  /**
   * The options for these settings. Throws a {@link StartupException} if the certificate cannot be
   * used. Blocks to check it.
   *
   * @param certificate null for clear text
   */
  static HttpServerOptions options(
      HubConfig config, @Nullable CertificateFiles certificate, Vertx vertx) {
    HttpSettings http = config.http();
    HttpServerOptions options =
        new HttpServerOptions()
            // Every response is written on its connection's loop: without this, each connection
            // would hold a queue of 4.8 KB for writes from other threads.
            .setStrictThreadMode(true)
            .setMaxHeaderSize(http.maxHeaderBytes())
            .setMaxInitialLineLength(http.maxRequestLineBytes())
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(http.maxConcurrentStreams())
                    .setMaxHeaderListSize(http.maxHeaderBytes()))
            .setIdleTimeout((int) http.idleTimeout().toSeconds());
    if (certificate != null) {
      secure(options, certificate, vertx);
    }
    // No compression for WebSockets: its context would take more memory than the whole session.
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

  /** The startup error to show when the listener cannot be opened. */
  static StartupException explain(Throwable cause, SocketAddress address) {
    if (!(cause instanceof IOException)) {
      return new StartupException(
          StartupException.CONFIG,
          "http.tlsCertificate, http.tlsKey: cannot be used (%s)".formatted(cause.getMessage()));
    }
    // NIO throws a BindException, epoll its own IOException.
    boolean inUse = String.valueOf(cause.getMessage()).contains("in use");
    String line =
        inUse
            ? "http.port: %d is in use; choose another with --http-port".formatted(address.port())
            : "host: cannot listen on %s (%s)".formatted(address.host(), cause.getMessage());
    return new StartupException(StartupException.UNAVAILABLE, line);
  }
}
