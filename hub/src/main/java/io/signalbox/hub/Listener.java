package io.signalbox.hub;

import io.signalbox.hub.socket.Upgrade;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How the HTTP listener is set up: HTTP/1.1 and HTTP/2, in clear text (by prior knowledge) or over
 * TLS (by ALPN), and what to tell when it cannot listen. Stateless.
 */
final class Listener {
  private static final List<String> SUBPROTOCOLS =
      List.of("signalbox.v1.json", "signalbox.v1.cbor");

  private Listener() {}

  /** What the settings ask for. Throws a {@link StartFailure} for files that cannot be read. */
  static HttpServerOptions options(HubConfig config) {
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
    secure(options, http);
    // No compression for WebSockets: its context would cost more than all the rest of a device.
    return Upgrade.prepare(options, config.gateway().maxFrameBytes(), SUBPROTOCOLS);
  }

  private static void secure(HttpServerOptions options, HttpSettings http) {
    Path certificate = http.tlsCertificate();
    Path key = http.tlsKey();
    if (certificate == null && key == null) {
      return;
    }
    if (certificate == null || key == null) {
      String missing = certificate == null ? "tlsCertificate" : "tlsKey";
      throw new StartFailure(
          StartFailure.CONFIG,
          "http.%s: TLS needs both http.tlsCertificate and http.tlsKey".formatted(missing));
    }
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertValue(read("tlsCertificate", certificate))
                .setKeyValue(read("tlsKey", key)));
  }

  private static Buffer read(String setting, Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      throw new StartFailure(
          StartFailure.CONFIG, "http.%s: %s cannot be read".formatted(setting, file));
    }
  }

  /** What to tell the person who started a hub that cannot listen there. */
  static StartFailure explain(Throwable cause, SocketAddress address) {
    if (!(cause instanceof IOException)) {
      return new StartFailure(
          StartFailure.CONFIG,
          "http.tlsCertificate, http.tlsKey: cannot be used (%s)".formatted(cause.getMessage()));
    }
    // NIO throws a BindException for it, epoll an IOException of its own.
    boolean inUse = String.valueOf(cause.getMessage()).contains("in use");
    String line =
        inUse
            ? "http.port: %d is in use; choose another with --http-port".formatted(address.port())
            : "host: cannot listen on %s (%s)".formatted(address.host(), cause.getMessage());
    return new StartFailure(StartFailure.UNAVAILABLE, line);
  }
}
