package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.http.netty.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hub does not start with a certificate that fails every handshake. */
@SuppressWarnings("NullAway.Init") // set before each test
class CertificateStartTest {
  @TempDir private Path folder;
  private Path certificate;
  private Path key;

  @BeforeEach
  void name() {
    certificate = folder.resolve("certificate.pem");
    key = folder.resolve("key.pem");
  }

  private String[] settings() {
    return new String[] {
      "--http-tls-certificate", certificate.toString(), "--http-tls-key", key.toString()
    };
  }

  private void isRefused(String fault) {
    assertThatThrownBy(() -> RunningHub.start(folder.resolve(fault), settings()))
        .isInstanceOfSatisfying(
            StartupException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(StartupException.CONFIG))
        .hasMessageStartingWith(
            "http.tlsCertificate, http.tlsKey: %s and %s cannot be used: ", certificate, key)
        .hasMessageContaining(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EC | EC | the private key does not match the first certificate, CN=localhost",
        "EC | RSA | private key algorithm does not match algorithm of public key",
        "RSA | EC | private key algorithm does not match algorithm of public key"
      })
  void a_key_of_another_pair_is_refused_with_the_names_of_both_files(
      String ofCertificate, String ofKey, String fault) throws Exception {
    Certificates.write(certificate, folder.resolve("its-key.pem"), ofCertificate);
    Certificates.write(folder.resolve("its-certificate.pem"), key, ofKey);

    isRefused(fault);
  }

  @Test
  void a_chain_in_the_wrong_order_is_refused() throws Exception {
    Path other = folder.resolve("other.pem");
    Certificates.write(certificate, key);
    Certificates.write(other, folder.resolve("other-key.pem"));

    Files.writeString(certificate, Files.readString(other) + Files.readString(certificate));

    isRefused("does not match the first certificate");
  }

  @Test
  void an_invalid_certificate_or_key_file_is_refused() throws Exception {
    Certificates.write(certificate, key);
    String good = Files.readString(certificate);

    Files.writeString(certificate, "no certificate");
    isRefused("-----BEGIN CERTIFICATE-----");

    Files.writeString(certificate, good);
    Files.writeString(key, "no key");
    isRefused("-----BEGIN PRIVATE KEY-----");
  }

  @Test
  void the_process_prints_one_line_and_exits_with_the_documented_code() throws Exception {
    Certificates.write(certificate, folder.resolve("its-key.pem"));
    Certificates.write(folder.resolve("its-certificate.pem"), key);

    try (HubProcess hub = HubProcess.start(folder, Map.of(), settings())) {
      assertThat(hub.exitCode()).isEqualTo(78);
      assertThat(hub.complained().lines())
          .hasSize(1)
          .first()
          .asString()
          .startsWith(
              "signalbox hub: http.tlsCertificate, http.tlsKey: " + certificate + " and " + key);
      assertThat(hub.said()).isEmpty();
    }
  }
}
