package io.signalbox.hub.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.signalbox.hub.devicetype.DeviceType.CommandType;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request to send a command to a device.
 *
 * @param name name of the command, 1 to 128 characters
 * @param params JSON object, at most 16 KiB; numbers keep their notation
 * @param ttl time to live, 1 s to 30 days, from {@code notBefore} if that is later than now; then
 *     the command expires. Null for the default of the device's type, or else one hour
 * @param notBefore Unix milliseconds before which it is not delivered, at most 30 days ahead; null
 *     for at once
 * @param collapse collapse key: of queued commands with the same key only the newest is delivered,
 *     1 to 128 characters; null for the default of the device's type, or else none
 * @param metadata JSON that every event repeats unchanged, at most 4 KiB; null for none
 * @param idempotencyKey makes a retry safe for 24 hours, 1 to 255 characters; null for none
 */
public record CommandRequest(
    String name,
    Json params,
    @Nullable Duration ttl,
    @Nullable Long notBefore,
    @Nullable String collapse,
    @Nullable Json metadata,
    @Nullable String idempotencyKey) {
  private static final int MOST_PARAMS = 16 * 1024;
  private static final int MOST_METADATA = 4 * 1024;
  private static final int MOST_NAME = 128;
  private static final int MOST_KEY = 255;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration DEFAULT_TTL = Duration.ofHours(1);

  /**
   * A request from JSON text.
   *
   * @throws Refusal {@code INVALID} with the field that is not JSON
   */
  public CommandRequest(
      String name,
      String params,
      @Nullable Duration ttl,
      @Nullable Long notBefore,
      @Nullable String collapse,
      @Nullable String metadata,
      @Nullable String idempotencyKey) {
    this(
        name,
        parsed("params", params),
        ttl,
        notBefore,
        collapse,
        metadata == null ? null : parsed("metadata", metadata),
        idempotencyKey);
  }

  /**
   * A validated request, which can be submitted many times: its JSON is printed once.
   *
   * @param params as compact JSON
   * @param ttl null for the default of the device, or else one hour
   * @param collapse null for the default of the device, or else none
   * @param metadata as compact JSON
   * @param idempotencyKey identifies repetitions of this request; null for none
   * @param job id of the job, which has at most one command per device; null for none
   * @param misfit why there can be no such command now, unless the request repeats an earlier one;
   *     null if it can be made
   */
  public record Validated(
      String name,
      String params,
      @Nullable Duration ttl,
      @Nullable Long notBefore,
      @Nullable String collapse,
      @Nullable String metadata,
      @Nullable IdempotencyKey idempotencyKey,
      @Nullable String job,
      @Nullable Refusal misfit) {
    /**
     * The new command.
     *
     * @param expected when the device is expected (Unix milliseconds); null if unknown
     */
    Command command(String id, String device, @Nullable Long expected, Step first) {
      long earliest = notBefore == null ? 0 : notBefore;
      long start = Math.max(first.ts(), earliest);
      return new Command(
          id,
          device,
          name,
          params,
          first.ts(),
          start + effectiveTtl().toMillis(),
          earliest,
          expected == null ? null : (Long) Math.max(start, expected),
          collapse,
          metadata,
          job,
          null,
          null,
          List.of(first));
    }

    /**
     * The same request with the defaults of a device for the command, where it has no value. The
     * idempotency key stays: a repetition is recognized by what was sent, even if the defaults have
     * changed.
     */
    Validated withDefaults(CommandType type) {
      return new Validated(
          name,
          params,
          ttl == null ? type.ttl() : ttl,
          notBefore,
          collapse == null ? type.collapse() : collapse,
          metadata,
          idempotencyKey,
          job,
          misfit);
    }

    /** The same request, for which there can be no new command. */
    Validated refused(Refusal why) {
      return new Validated(
          name, params, ttl, notBefore, collapse, metadata, idempotencyKey, job, why);
    }

    /** The time to live without a default of the device. */
    public Duration effectiveTtl() {
      return orDefault(ttl);
    }
  }

  /**
   * Validates the request; {@code INVALID} or {@code TOO_LARGE} with the field.
   *
   * @param now Unix milliseconds
   */
  public Validated validated(long now) {
    checkText("name", name, MOST_NAME);
    checkText("collapse", collapse, MOST_NAME);
    checkText("Idempotency-Key", idempotencyKey, MOST_KEY);
    checkTtl();
    checkNotBefore(now);
    if (!(params instanceof Json.JsonObject)) {
      throw invalid("params", "is invalid; expected a JSON object");
    }
    String compactParams = compact("params", params, MOST_PARAMS);
    String compactMetadata = metadata == null ? null : compact("metadata", metadata, MOST_METADATA);
    return new Validated(
        name,
        compactParams,
        ttl,
        notBefore,
        collapse,
        compactMetadata,
        key(compactParams, compactMetadata),
        null,
        null);
  }

  private static Duration orDefault(@Nullable Duration ttl) {
    return ttl == null ? DEFAULT_TTL : ttl;
  }

  private @Nullable IdempotencyKey key(String compactParams, @Nullable String compactMetadata) {
    if (idempotencyKey == null) {
      return null;
    }
    List<String> content =
        List.of(
            name,
            compactParams,
            Long.toString(orDefault(ttl).toMillis()),
            notBefore == null ? "" : notBefore.toString(),
            collapse == null ? "" : collapse,
            compactMetadata == null ? "" : compactMetadata);
    return IdempotencyKey.of(idempotencyKey, content);
  }

  private static void checkText(String field, @Nullable String text, int most) {
    if (text == null) {
      return;
    }
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > most) {
      throw invalid(field, "has %d characters; expected 1 to %d".formatted(length, most));
    }
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      throw invalid(field, "contains a control character");
    }
  }

  private void checkTtl() {
    if (ttl != null && (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0)) {
      throw invalid("ttl", "is out of range; expected 1 to 2592000 seconds");
    }
  }

  private void checkNotBefore(long now) {
    if (notBefore != null && (notBefore < 0 || notBefore > now + LONGEST.toMillis())) {
      throw invalid("notBefore", "is out of range; expected a time at most 30 days ahead");
    }
  }

  private static Json parsed(String field, String text) {
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
          ErrorCode.TOO_LARGE,
          field,
          "%s has %d bytes; expected at most %d".formatted(field, bytes, most));
    }
    return text;
  }

  private static Refusal invalid(String field, String what) {
    return new Refusal(ErrorCode.INVALID, field, field + " " + what);
  }
}
