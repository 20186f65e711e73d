package io.signalbox.hub;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * Check that a private key belongs to a certificate. Vert.x accepts any two of the same algorithm,
 * and then every handshake fails. Stateless.
 */
final class KeyPairCheck {
  private static final byte[] SAMPLE = "signalbox".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> KEY_TYPES = List.of("EC", "RSA");

  private KeyPairCheck() {}

  /**
   * Throws if the key does not match the first certificate, or if one of the two cannot be read.
   * Blocks briefly: it computes a signature.
   */
  static void check(Vertx vertx, PemKeyCertOptions pair) throws Exception {
    for (KeyManager manager : pair.getKeyManagerFactory(vertx).getKeyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        check(keys);
        return;
      }
    }
    throw new GeneralSecurityException("no private key found");
  }

  private static void check(X509KeyManager keys) throws GeneralSecurityException {
    for (String type : KEY_TYPES) {
      String[] aliases = keys.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        check(keys.getPrivateKey(aliases[0]), keys.getCertificateChain(aliases[0])[0]);
        return;
      }
    }
    throw new GeneralSecurityException("unsupported private key; expected EC or RSA");
  }

  private static void check(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    if (!verifies(key, certificate)) {
      throw new GeneralSecurityException(
          "the private key does not match the first certificate, "
              + certificate.getSubjectX500Principal());
    }
  }

  private static boolean verifies(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(SAMPLE);
    byte[] signed = signer.sign();
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(certificate.getPublicKey());
    verifier.update(SAMPLE);
    return verifier.verify(signed);
  }
}
