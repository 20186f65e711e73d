package io.signalbox.hub.http.netty;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Self-signed certificates that are valid for a day, made with the JDK's keytool. */
public final class Certificates {
  private static final String WORD = "only-for-tests";

  private Certificates() {}

  /** Writes a new key and its certificate as PEM. */
  public static void write(Path certificate, Path key) throws Exception {
    write(certificate, key, "EC");
  }

  /** The same with a key algorithm by its keytool name. */
  public static void write(Path certificate, Path key, String algorithm) throws Exception {
    Path store = Files.createTempDirectory(certificate.getParent(), "keys").resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process making =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "hub",
                "-keyalg",
                algorithm,
                "-validity",
                "1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                WORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!making.waitFor(120, TimeUnit.SECONDS) || making.exitValue() != 0) {
      throw new IllegalStateException("keytool made no key");
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), WORD.toCharArray());
    pem(certificate, "CERTIFICATE", keys.getCertificate("hub").getEncoded());
    pem(key, "PRIVATE KEY", keys.getKey("hub", WORD.toCharArray()).getEncoded());
  }

  private static void pem(Path file, String what, byte[] bytes) throws Exception {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
  }
}
