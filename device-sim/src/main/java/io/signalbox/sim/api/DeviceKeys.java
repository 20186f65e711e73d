package io.signalbox.sim.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The device keys of a run. Each is derived from a random secret of the process, so keys take no
 * memory and cannot be guessed. Thread-safe.
 */
public final class DeviceKeys {
  private static final int SECRET_BYTES = 32;

  private final byte[] secret = new byte[SECRET_BYTES];

  /** Creates keys from a new secret. */
  public DeviceKeys() {
    new SecureRandom().nextBytes(secret);
  }

  /** The key of a device. */
  public String key(String device) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(secret);
      byte[] digest = sha.digest(device.getBytes(StandardCharsets.UTF_8));
      return "sbd_" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }
}
