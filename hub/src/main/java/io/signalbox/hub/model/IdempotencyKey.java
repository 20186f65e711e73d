package io.signalbox.hub.model;

import io.signalbox.hub.model.Refusal.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Identifies a request that the caller may repeat: a repetition has the same key and the same
 * content.
 *
 * @param key the caller's key
 * @param fingerprint hash of the request's content
 */
public record IdempotencyKey(String key, String fingerprint) {
  /** How long after the first request a repetition is recognized. */
  public static final Duration VALIDITY = Duration.ofHours(24);

  /**
   * What the first request with a key has created.
   *
   * @param id id of the command or the job
   * @param fingerprint hash of that request's content
   */
  public record FirstUse(String id, String fingerprint) {}

  /**
   * The key as a request claims it for what it creates.
   *
   * @param since Unix milliseconds: an earlier use of the key does not count
   */
  public record Claim(IdempotencyKey key, long since) {}

  /** The key of a request with this content. */
  public static IdempotencyKey of(String key, List<String> content) {
    MessageDigest digest = sha256();
    for (String part : content) {
      byte[] text = part.getBytes(StandardCharsets.UTF_8);
      // Prefixed with its length, so that different parts never have the same digest input.
      digest.update((text.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(text);
    }
    return new IdempotencyKey(
        key, Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest()));
  }

  /**
   * The id of what this request, which is not the first with its key, has created. Throws {@code
   * CONFLICT} if the first one had another content.
   *
   * @param kind what requests create, for the error message
   */
  public String createdBy(FirstUse first, String kind) {
    if (!first.fingerprint().equals(fingerprint)) {
      throw new Refusal(
          ErrorCode.CONFLICT,
          "Idempotency-Key",
          "Idempotency-Key was used for another request, which created %s %s"
              .formatted(kind, first.id()));
    }
    return first.id();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
