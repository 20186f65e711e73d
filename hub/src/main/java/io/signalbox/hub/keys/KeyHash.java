package io.signalbox.hub.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a key, which is all that the hub keeps of it. Keys are long and random, so no salt
 * and no slow hash is needed. Compared without a branch on what is in it.
 */
public record KeyHash(long a, long b, long c, long d) {
  /** The hash of a key's UTF-8. */
  public static KeyHash of(String key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return of(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

  /** A hash from its 32 bytes. */
  public static KeyHash of(byte[] bytes) {
    ByteBuffer four = ByteBuffer.wrap(bytes);
    return new KeyHash(four.getLong(), four.getLong(), four.getLong(), four.getLong());
  }

  /** Its 32 bytes. */
  public byte[] bytes() {
    return ByteBuffer.allocate(32).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyHash that
        && ((a ^ that.a) | (b ^ that.b) | (c ^ that.c) | (d ^ that.d)) == 0;
  }

  @Override
  public int hashCode() {
    return (int) a;
  }
}
