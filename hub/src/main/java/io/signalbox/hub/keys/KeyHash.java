package io.signalbox.hub.keys;

import java.nio.ByteBuffer;

/**
 * SHA-256 hash of a key, the only form in which the hub stores it. Keys are long and random, so
 * neither a salt nor a slow hash is needed. The comparison does not branch on the contents.
 */
public record KeyHash(long a, long b, long c, long d) {
  /** The hash of the key's UTF-8 bytes. */
  public static KeyHash of(String key) {
    return of(Sha256.of(key));
  }

  /** A hash from its 32 bytes. */
  public static KeyHash of(byte[] bytes) {
    ByteBuffer four = ByteBuffer.wrap(bytes);
    return new KeyHash(four.getLong(), four.getLong(), four.getLong(), four.getLong());
  }

  /** The 32 bytes of the hash. */
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
