package io.signalbox.hub.access;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.keys.KeyGenerator;
import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signer of session tokens: {@code keyId.expires.run.end.signature}, where the signature is
 * HMAC-SHA256 over the preceding text. Sessions need no storage; they end with their time or with
 * their key.
 *
 * <p>A token belongs to the run of the hub that signed it. That run checks it by the monotonic
 * clock, so that the session keeps its length if the wall clock is set. After a restart, on another
 * node, or for a token {@code keyId.expires.signature} of an earlier version only the wall clock is
 * available. A token that is valid for longer than a session lasts is then rejected: it seems to be
 * signed in the future, so the clock was set back and the age of the token is unknown.
 */
final class SessionTokenSigner {
  private static final String ALGORITHM = "HmacSHA256";

  private static final int NAME_BYTES = 6;
  private static final int RUN_BYTES = 9;
  private static final long SESSION_MILLIS = Duration.ofHours(12).toMillis();

  /** Maximum clock difference between two nodes. */
  private static final long SKEW_MILLIS = Duration.ofMinutes(5).toMillis();

  private final String run = KeyGenerator.random(RUN_BYTES);
  private final HubClock clock;
  private final SecretKeySpec secret;
  private final String cookieName;

  /**
   * Contents of a token.
   *
   * @param expires Unix milliseconds, by the wall clock when it was signed
   * @param run the run that signed it; null for a token of an earlier version
   * @param end its end by the monotonic clock of that run
   */
  private record Claim(String keyId, long expires, @Nullable String run, long end) {
    static Claim of(String text) {
      String[] parts = text.split("\\.", -1);
      long expires = Long.parseLong(parts[1]);
      return parts.length == 2
          ? new Claim(parts[0], expires, null, 0)
          : new Claim(parts[0], expires, parts[2], Long.parseLong(parts[3]));
    }
  }

  SessionTokenSigner(byte[] secret, HubClock clock) {
    this.clock = clock;
    this.secret = new SecretKeySpec(secret, ALGORITHM);
    this.cookieName =
        "signalbox-" + HexFormat.of().formatHex(mac("the cookie's name"), 0, NAME_BYTES);
  }

  /** The name of the session cookie, one per secret. */
  String cookieName() {
    return cookieName;
  }

  /** A session of 12 hours for the owner of the key. */
  LoginSession sign(String keyId) {
    long expires = clock.wallMillis() + SESSION_MILLIS;
    long end = clock.monotonicMillis() + SESSION_MILLIS;
    String claim = keyId + "." + expires + "." + run + "." + end;
    return new LoginSession(claim + "." + signature(claim), expires);
  }

  /** The key id of a valid token; throws {@code UNAUTHENTICATED} for any other. */
  String keyIdOf(String token) {
    int end = token.lastIndexOf('.');
    if (end < 0) {
      throw forged();
    }
    requireSignature(token.substring(0, end), token.substring(end + 1));
    Claim claim = claimOf(token);
    long left = millisLeft(claim);
    if (left <= 0) {
      throw new Refusal(Refusal.ErrorCode.UNAUTHENTICATED, "the session has expired");
    }
    if (left > SESSION_MILLIS + SKEW_MILLIS) {
      throw new Refusal(
          Refusal.ErrorCode.UNAUTHENTICATED,
          "the session starts in the future by the hub's clock; sign in again");
    }
    return claim.keyId();
  }

  private long millisLeft(Claim claim) {
    return run.equals(claim.run())
        ? claim.end() - clock.monotonicMillis()
        : claim.expires() - clock.wallMillis();
  }

  /** The end of a valid token in Unix milliseconds, by the present wall clock. */
  long expiryOf(String token) {
    Claim claim = claimOf(token);
    return run.equals(claim.run()) ? clock.wallOf(claim.end()) : claim.expires();
  }

  // The signature was checked, so the format is the hub's own.
  private static Claim claimOf(String token) {
    return Claim.of(token.substring(0, token.lastIndexOf('.')));
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
    return new Refusal(Refusal.ErrorCode.UNAUTHENTICATED, "the session was not issued by this hub");
  }
}
