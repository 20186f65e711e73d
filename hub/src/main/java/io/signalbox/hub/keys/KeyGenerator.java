package io.signalbox.hub.keys;

import java.security.SecureRandom;
import java.util.Base64;

/** Generator of keys: a prefix that names the purpose, and 256 random bits. */
public final class KeyGenerator {
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private KeyGenerator() {}

  /** A new device key, {@code sbd_…}. */
  public static String ofDevice() {
    return "sbd_" + random(BYTES);
  }

  /** A new API key, {@code sbk_…}. */
  public static String ofProgram() {
    return "sbk_" + random(BYTES);
  }

  /** The given number of random bytes as base64url. */
  public static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return TEXT.encodeToString(random);
  }
}
