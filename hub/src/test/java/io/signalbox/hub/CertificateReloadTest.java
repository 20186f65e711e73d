package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.signalbox.hub.http.netty.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Certificate reload of a running server, checked with real TLS handshakes. */
@SuppressWarnings("NullAway.Init") // set before each test
class CertificateReloadTest {
  private static final int DEADLINE = 180;

  @TempDir private Path folder;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Vertx vertx = Vertx.vertx();
  private Path certificate;
  private Path key;
  private HttpServer server;
  private CertificateReload reload;

  @BeforeEach
  void listen() throws Exception {
    log.start();
    logger().addAppender(log);
    certificate = folder.resolve("certificate.pem");
    key = folder.resolve("key.pem");
    Certificates.write(certificate, key);
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(certificate.toString())
                    .setKeyPath(key.toString()));
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.response().end().onComplete(sent -> {}))
            .listen(0, "127.0.0.1")
            .await(DEADLINE, TimeUnit.SECONDS);
    CertificateFiles inUse =
        new CertificateFiles(certificate, key, readAll(certificate), readAll(key));
    reload = new CertificateReload(vertx.getOrCreateContext(), server, inUse);
    check();
  }

  @AfterEach
  void close() throws Exception {
    logger().detachAppender(log);
    vertx.close().await(DEADLINE, TimeUnit.SECONDS);
  }

  private static Buffer readAll(Path file) throws Exception {
    return Buffer.buffer(Files.readAllBytes(file));
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(CertificateReload.class);
  }

  private void check() throws Exception {
    reload.check().await(DEADLINE, TimeUnit.SECONDS);
  }

  private void checkFails() {
    assertThatThrownBy(this::check).isInstanceOf(Exception.class);
  }

  /** The certificate that the server presents now. */
  private X509Certificate shown() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.actualPort())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE));
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private List<String> said() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void a_key_of_another_pair_is_refused_until_both_files_are_written(String algorithm)
      throws Exception {
    Path newCertificate = folder.resolve("new-certificate.pem");
    Path newKey = folder.resolve("new-key.pem");
    Certificates.write(certificate, key, algorithm);
    check();
    X509Certificate old = shown();
    Certificates.write(newCertificate, newKey, algorithm);

    Files.copy(newCertificate, certificate, StandardCopyOption.REPLACE_EXISTING);
    checkFails();
    check(); // Nothing has changed since.
    assertThat(shown()).isEqualTo(old);
    assertThat(said()).hasSize(1).first().asString().contains("cannot be used");

    Files.copy(newKey, key, StandardCopyOption.REPLACE_EXISTING);
    check();
    assertThat(shown()).isNotEqualTo(old);
    assertThat(said()).hasSize(2).last().asString().contains("is in use");
  }

  @Test
  void an_invalid_or_missing_certificate_is_logged_once_and_the_old_one_stays() throws Exception {
    X509Certificate old = shown();

    Files.writeString(certificate, "no certificate");
    checkFails();
    Files.delete(key);
    checkFails();
    checkFails();

    assertThat(shown()).isEqualTo(old);
    assertThat(said()).hasSize(1);
  }

  @Test
  void a_chain_in_the_wrong_order_is_refused() throws Exception {
    X509Certificate old = shown();
    Path other = folder.resolve("other.pem");
    Certificates.write(other, folder.resolve("other-key.pem"));

    Files.writeString(certificate, Files.readString(other) + Files.readString(certificate));
    checkFails();

    assertThat(shown()).isEqualTo(old);
  }
}
