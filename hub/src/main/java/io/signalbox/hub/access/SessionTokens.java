package io.signalbox.hub.access;

import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session tokens: {@code keyId.expires.signature}, the signature being HMAC-SHA256 over what stands
 * before it. Nothing is kept for a session, so there is nothing to fill up; it ends with its time
 * or with its key.
 */
final class SessionTokens {
  private static final String ALGORITHM = "HmacSHA256";

  private static final int NAME_BYTES = 6;

  private final SecretKeySpec secret;
  private final String cookieName;

  SessionTokens(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
    this.cookieName =
        "signalbox-" + HexFormat.of().formatHex(mac("the cookie's name"), 0, NAME_BYTES);
  }

  /** The name of the cookie that has a token: one for each secret. */
  String cookieName() {
    return cookieName;
  }

  String sign(String keyId, long expires) {
    String claim = keyId + "." + expires;
    return claim + "." + signature(claim);
  }

  /** The id of the key that a valid token speaks for; refuses any other. */
  String keyIdOf(String token, long now) {
    int end = token.lastIndexOf('.');
    int middle = token.lastIndexOf('.', end - 1);
    if (middle < 1) {
      throw forged();
    }
    requireSignature(token.substring(0, end), token.substring(end + 1));
    // The hub signed it, so the rest is as the hub writes it.
    if (Long.parseLong(token.substring(middle + 1, end)) <= now) {
      throw new Refusal(Refusal.Kind.UNAUTHENTICATED, "the session has expired");
    }
    return token.substring(0, middle);
  }

  /** When a token that is known to be valid ends. */
  static long expiryOf(String token) {
    int end = token.lastIndexOf('.');
    return Long.parseLong(token.substring(token.lastIndexOf('.', end - 1) + 1, end));
  }

  private void requireSignature(String claim, String signature) {
    byte[] right = signature(claim).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(right, signature.getBytes(StandardCharsets.UTF_8))) {
      throw forged();
    }
  }

  private String signature(String claim) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(mac(claim));
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, impossible);
    }
  }

  private static Refusal forged() {
    return new Refusal(Refusal.Kind.UNAUTHENTICATED, "the session is not one of this hub");
  }
}
