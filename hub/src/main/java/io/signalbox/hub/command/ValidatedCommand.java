package io.signalbox.hub.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new command that has been found well formed.
 *
 * @param request what was asked
 * @param params as compact JSON
 * @param metadata as compact JSON
 */
record ValidatedCommand(CommandRequest request, String params, @Nullable String metadata) {
  private static final int MOST_PARAMS = 16 * 1024;
  private static final int MOST_METADATA = 4 * 1024;
  private static final int MOST_NAME = 128;
  private static final int MOST_KEY = 255;
  private static final Duration LONGEST = Duration.ofDays(30);

  /** Checks a request; refuses {@code INVALID} or {@code TOO_LARGE} with the field at fault. */
  static ValidatedCommand of(CommandRequest request, long now) {
    checkText("name", request.name(), MOST_NAME);
    checkText("collapse", request.collapse(), MOST_NAME);
    checkText("Idempotency-Key", request.idempotencyKey(), MOST_KEY);
    checkTtl(request.ttl());
    checkNotBefore(request.notBefore(), now);
    Json metadata = request.metadata();
    return new ValidatedCommand(
        request,
        params(request.params()),
        metadata == null ? null : compact("metadata", metadata, MOST_METADATA));
  }

  /**
   * The command as it is made.
   *
   * @param expected when the device is there (ms); null if nobody can tell
   */
  Command command(String id, String device, @Nullable Long expected, Step first) {
    long notBefore = request.notBefore() == null ? 0 : request.notBefore();
    long start = Math.max(first.ts(), notBefore);
    return new Command(
        id,
        device,
        request.name(),
        params,
        first.ts(),
        start + request.ttl().toMillis(),
        notBefore,
        expected == null ? null : (Long) Math.max(start, expected),
        request.collapse(),
        metadata,
        request.job(),
        null,
        null,
        List.of(first));
  }

  /** What a repetition of this request is recognised by; null if it came without a key. */
  CommandStore.@Nullable IdempotencyKey token() {
    String key = request.idempotencyKey();
    return key == null ? null : new CommandStore.IdempotencyKey(key, fingerprint());
  }

  private String fingerprint() {
    MessageDigest digest = sha256();
    for (Object part : parts()) {
      byte[] text = part.toString().getBytes(StandardCharsets.UTF_8);
      digest.update((text.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(text);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private List<Object> parts() {
    return List.of(
        request.name(),
        params,
        request.ttl().toMillis(),
        request.notBefore() == null ? "" : request.notBefore(),
        request.collapse() == null ? "" : request.collapse(),
        metadata == null ? "" : metadata);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static void checkText(String field, @Nullable String text, int most) {
    if (text == null) {
      return;
    }
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > most) {
      throw invalid(field, "must have 1 to %d characters, not %d".formatted(most, length));
    }
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      throw invalid(field, "must not contain control characters");
    }
  }

  private static void checkTtl(Duration ttl) {
    if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(LONGEST) > 0) {
      throw invalid("ttl", "must be 1 to 2592000 seconds");
    }
  }

  private static void checkNotBefore(@Nullable Long notBefore, long now) {
    if (notBefore != null && (notBefore < 0 || notBefore > now + LONGEST.toMillis())) {
      throw invalid("notBefore", "must be a time at most 30 days ahead");
    }
  }

  private static String params(Json params) {
    if (params instanceof Json.JsonObject) {
      return compact("params", params, MOST_PARAMS);
    }
    throw invalid("params", "must be a JSON object");
  }

  /** The value that the text of a field is; refuses {@code INVALID}. */
  static Json parsed(String field, String text) {
    try {
      return Json.parse(text);
    } catch (JsonProcessingException wrong) {
      throw invalid(field, "is not JSON: " + wrong.getOriginalMessage());
    }
  }

  private static String compact(String field, Json value, int most) {
    String text = value.toString();
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > most) {
      throw new Refusal(
          ErrorCode.TOO_LARGE, field, "%s has %d bytes, at most %d".formatted(field, bytes, most));
    }
    return text;
  }

  private static Refusal invalid(String field, String what) {
    return new Refusal(ErrorCode.INVALID, field, field + " " + what);
  }
}
