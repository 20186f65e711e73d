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
 * Session tokens: {@code keyId.expires.run.end.signature}, the signature being HMAC-SHA256 over
 * what stands before it. Nothing is kept for a session, so there is nothing to fill up; it ends
 * with its time or with its key.
 *
 * <p>A token is of the run of the hub that signed it. That run judges it by the monotonic clock, so
 * that a session lasts as long as it was meant to, however the wall clock is set. Any other (after
 * a restart, another node, a token {@code keyId.expires.signature} of an earlier version) has only
 * the wall clock, and refuses a token that has longer to go than a session lasts: it was signed
 * later than now, so the clock has gone back and says nothing of its age.
 */
final class SessionTokenSigner {
  private static final String ALGORITHM = "HmacSHA256";

  private static final int NAME_BYTES = 6;
  private static final int RUN_BYTES = 9;
  private static final long SESSION_MILLIS = Duration.ofHours(12).toMillis();

  /** How far the clocks of two nodes may be apart. */
  private static final long SKEW_MILLIS = Duration.ofMinutes(5).toMillis();

  private final String run = KeyGenerator.random(RUN_BYTES);
  private final HubClock clock;
  private final SecretKeySpec secret;
  private final String cookieName;

  /**
   * What a token says.
   *
   * @param expires Unix milliseconds, by the wall clock when it was signed
   * @param run which process signed it; null if an earlier version did
   * @param end when it ends by the monotonic clock of that process
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

  /** The name of the cookie that has a token: one for each secret. */
  String cookieName() {
    return cookieName;
  }

  /** A session of 12 hours for who has that key. */
  LoginSession sign(String keyId) {
    long expires = clock.wallMillis() + SESSION_MILLIS;
    long end = clock.monotonicMillis() + SESSION_MILLIS;
    String claim = keyId + "." + expires + "." + run + "." + end;
    return new LoginSession(claim + "." + signature(claim), expires);
  }

  /** The id of the key that a valid token speaks for; refuses any other. */
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
          "the session was opened later than now by the hub's clock: sign in again");
    }
    return claim.keyId();
  }

  private long millisLeft(Claim claim) {
    return run.equals(claim.run())
        ? claim.end() - clock.monotonicMillis()
        : claim.expires() - clock.wallMillis();
  }

  /** When a token that is known to be valid ends, in Unix milliseconds as the clock goes now. */
  long expiryOf(String token) {
    Claim claim = claimOf(token);
    return run.equals(claim.run()) ? clock.wallOf(claim.end()) : claim.expires();
  }

  // The hub signed it, so it is as the hub writes it.
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
    return new Refusal(Refusal.ErrorCode.UNAUTHENTICATED, "the session is not one of this hub");
  }
}
