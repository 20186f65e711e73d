package io.signalbox.hub;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of the listener and its private key: the two PEM files, and what was read of
 * them.
 */
record CertificateFiles(Path certificate, Path key, Buffer chain, Buffer secret) {
  /**
   * Reads what the settings name; null without TLS. Blocks. Throws a {@link StartupException} for
   * files that cannot be read, and for one without the other.
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

  /** The same files with what is in them now. */
  CertificateFiles with(Buffer newChain, Buffer newSecret) {
    return new CertificateFiles(certificate, key, newChain, newSecret);
  }

  /**
   * As Vert.x takes them. Throws, saying why, if they cannot be used, or not together. Blocks for a
   * moment.
   */
  PemKeyCertOptions checked(Vertx vertx) throws Exception {
    PemKeyCertOptions options = new PemKeyCertOptions().setCertValue(chain).setKeyValue(secret);
    KeyPairCheck.check(vertx, options);
    return options;
  }
}
