package io.signalbox.hub;

import io.signalbox.hub.socket.Upgrade;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the HTTP listener is set up: HTTP/1.1 and HTTP/2, in clear text (by prior knowledge) or over
 * TLS (by ALPN), and what to tell when it cannot listen. Stateless.
 */
final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final long RENEWAL_SECONDS = 30;
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
        .setKeyCertOptions(pair(read("tlsCertificate", certificate), read("tlsKey", key)));
  }

  private static PemKeyCertOptions pair(Buffer certificate, Buffer key) {
    return new PemKeyCertOptions().setCertValue(certificate).setKeyValue(key);
  }

  private static Buffer read(String setting, Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      throw new StartFailure(
          StartFailure.CONFIG, "http.%s: %s cannot be read".formatted(setting, file));
    }
  }

  /** Looks at the files of the certificate now and then, and takes up what has changed. */
  static void renew(Vertx vertx, HttpServer server, HttpSettings http) {
    Path certificate = http.tlsCertificate();
    Path key = http.tlsKey();
    if (certificate != null && key != null) {
      vertx.setPeriodic(
          TimeUnit.SECONDS.toMillis(RENEWAL_SECONDS),
          tick -> renew(vertx, server, certificate, key));
    }
  }

  private static void renew(Vertx vertx, HttpServer server, Path certificate, Path key) {
    Future<Buffer> chain = vertx.fileSystem().readFile(certificate.toString());
    Future<Buffer> secret = vertx.fileSystem().readFile(key.toString());
    Future.all(chain, secret)
        .compose(read -> server.updateSSLOptions(over(pair(chain.result(), secret.result()))))
        .onFailure(cause -> LOG.warn("the certificate is not renewed; the old one stays", cause));
  }

  private static ServerSSLOptions over(PemKeyCertOptions pair) {
    return new ServerSSLOptions()
        .setKeyCertOptions(pair)
        .setUseAlpn(true)
        .setApplicationLayerProtocols(List.of("h2", "http/1.1"));
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
