package io.signalbox.hub;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads the certificate of a running server when its files change. Renewal tools write
 * certificate and key as two files, so the pair may not match for a moment. A pair that cannot be
 * used is ignored: the old one stays in use, and the failure is logged once.
 *
 * <p>Threading: the context given to the constructor.
 */
final class CertificateReload {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateReload.class);
  private static final long PERIOD_SECONDS = 30;

  private final Context context;
  private final HttpServer server;
  private CertificateFiles tried;
  private boolean failing;

  /** Does not read the files yet; {@code inUse} is the certificate that the server uses. */
  CertificateReload(Context context, HttpServer server, CertificateFiles inUse) {
    this.context = context;
    this.server = server;
    this.tried = inUse;
  }

  /** Checks the files now and every 30 s. */
  void start() {
    context.runOnContext(
        now -> {
          checkAndReschedule();
          long period = TimeUnit.SECONDS.toMillis(PERIOD_SECONDS);
          context.owner().setPeriodic(period, tick -> checkAndReschedule());
        });
  }

  private void checkAndReschedule() {
    check().onFailure(cause -> LOG.debug("Certificate reload failed", cause));
  }

  /** Reloads the files if they have changed; fails if they have changed and cannot be used. */
  Future<Void> check() {
    Future<Buffer> chain = read(tried.certificate());
    Future<Buffer> secret = read(tried.key());
    return Future.all(chain, secret)
        .compose(read -> apply(tried.with(chain.result(), secret.result())))
        .onFailure(this::failed);
  }

  private Future<Buffer> read(Path file) {
    return context.owner().fileSystem().readFile(file.toString());
  }

  private Future<Void> apply(CertificateFiles found) {
    if (found.equals(tried)) {
      return Future.succeededFuture();
    }
    tried = found;
    return context
        .executeBlocking(() -> found.checked(context.owner()))
        .compose(options -> server.updateSSLOptions(over(options)))
        .onSuccess(taken -> recovered())
        .mapEmpty();
  }

  private static ServerSSLOptions over(PemKeyCertOptions pair) {
    return new ServerSSLOptions()
        .setKeyCertOptions(pair)
        .setUseAlpn(true)
        .setApplicationLayerProtocols(List.of("h2", "http/1.1", "http/1.0"));
  }

  private void failed(Throwable cause) {
    if (!failing) {
      failing = true;
      LOG.warn(
          "Certificate reload failed: {} and {} cannot be used, the old pair stays: {}",
          tried.certificate(),
          tried.key(),
          cause.getMessage());
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.warn("Certificate reload succeeded: {} is in use", tried.certificate());
    }
  }
}
