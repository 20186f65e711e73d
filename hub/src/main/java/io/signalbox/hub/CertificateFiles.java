package io.signalbox.hub;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The TLS certificate of the listener and its private key: the paths of the two PEM files and their
 * contents.
 */
record CertificateFiles(Path certificate, Path key, Buffer chain, Buffer secret) {
  /**
   * Reads the files named in the settings; null without TLS. Blocks. Throws a {@link
   * StartupException} if a file cannot be read, or if only one of the two is set.
   */
  static @Nullable CertificateFiles of(HttpSettings http) {
    Path certificate = http.tlsCertificate();
    Path key = http.tlsKey();
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      String missing = certificate == null ? "tlsCertificate" : "tlsKey";
      throw new StartupException(
          StartupException.CONFIG,
          "http.%s: TLS needs both http.tlsCertificate and http.tlsKey".formatted(missing));
    }
    return new CertificateFiles(
        certificate, key, read("tlsCertificate", certificate), read("tlsKey", key));
  }

  private static Buffer read(String setting, Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      throw new StartupException(
          StartupException.CONFIG, "http.%s: %s cannot be read".formatted(setting, file));
    }
  }

  /** The same paths with new contents. */
  CertificateFiles with(Buffer newChain, Buffer newSecret) {
    return new CertificateFiles(certificate, key, newChain, newSecret);
  }

  /**
   * The pair as Vert.x options. Throws with the reason if a file is invalid or the key does not
   * match the certificate. Blocks briefly.
   */
  PemKeyCertOptions checked(Vertx vertx) throws Exception {
    PemKeyCertOptions options = new PemKeyCertOptions().setCertValue(chain).setKeyValue(secret);
    KeyPairCheck.check(vertx, options);
    return options;
  }
}
