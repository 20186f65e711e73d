package io.signalbox.hub.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script that Redis runs as one atomic step. It names all its keys, which share a hash tag,
 * and answers outcomes as values; an error reply means a programming error or a server that cannot
 * work now.
 *
 * @param name for error messages
 * @param text Lua
 * @param sha1 of the text, by which Redis caches it
 */
public record RedisScript(String name, String text, String sha1) {
  private static final String PRELUDE = read(RedisScript.class, "prelude.lua");

  /**
   * The script in a resource beside the class, such as {@code claim.lua}. It is preceded by {@code
   * prelude.lua} with the functions that all scripts have, and by the named libraries.
   *
   * @param libraries resources beside this class that define functions, without {@code .lua}
   */
  public static RedisScript of(Class<?> beside, String resource, String... libraries) {
    StringBuilder text = new StringBuilder(PRELUDE);
    for (String library : libraries) {
      text.append(read(RedisScript.class, library + ".lua"));
    }
    text.append(read(beside, resource));
    return new RedisScript(resource, text.toString(), sha1(text.toString()));
  }

  private static String read(Class<?> beside, String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource + " beside " + beside.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static String sha1(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }
}
