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
 * Takes up a new certificate for a server that listens. Renewal tools write certificate and key as
 * two files, so for a moment they may not belong together: then, as with anything else that cannot
 * be used, the old pair stays, and the log says so once.
 *
 * <p>Threading: the context that it was made with.
 */
final class CertificateReload {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateReload.class);
  private static final long PERIOD_SECONDS = 30;

  private final Context context;
  private final HttpServer server;
  private CertificateFiles tried;
  private boolean failing;

  /** Nothing is looked at yet; the server has that certificate. */
  CertificateReload(Context context, HttpServer server, CertificateFiles inUse) {
    this.context = context;
    this.server = server;
    this.tried = inUse;
  }

  /** Looks at the files now and every half minute. */
  void start() {
    context.runOnContext(
        now -> {
          checkAndReschedule();
          long period = TimeUnit.SECONDS.toMillis(PERIOD_SECONDS);
          context.owner().setPeriodic(period, tick -> checkAndReschedule());
        });
  }

  private void checkAndReschedule() {
    check().onFailure(cause -> LOG.debug("The certificate is not taken up", cause));
  }

  /** Takes up the files if they have changed; fails if they have, and cannot be used. */
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
          "{} and {} cannot be used; the old certificate stays: {}",
          tried.certificate(),
          tried.key(),
          cause.getMessage());
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.warn("{} can be used again and is in use", tried.certificate());
    }
  }
}
