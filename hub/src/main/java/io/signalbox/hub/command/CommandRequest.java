package io.signalbox.hub.command;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of a device.
 *
 * @param name what to do, 1 to 128 characters
 * @param params JSON object, at most 16 KiB; its numbers reach the device as they are written
 * @param ttl 1 s to 30 days, counted from {@code notBefore} if that is later than now; past it the
 *     command expires
 * @param notBefore Unix milliseconds, at most 30 days ahead, before which it is not delivered; null
 *     for at once
 * @param collapse of queued commands with the same key only the newest is delivered, 1 to 128
 *     characters; null for none
 * @param metadata JSON that comes back in every event to the letter, at most 4 KiB; null for none
 * @param idempotencyKey makes a retry harmless for 24 hours, 1 to 255 characters; null for none
 * @param job the job that it belongs to, which has one command for a device at most; null for none
 */
public record CommandRequest(
    String name,
    Json params,
    Duration ttl,
    @Nullable Long notBefore,
    @Nullable String collapse,
    @Nullable Json metadata,
    @Nullable String idempotencyKey,
    @Nullable String job) {

  /**
   * A command by itself, of JSON text.
   *
   * @throws Refusal {@code INVALID} with the field that is no JSON
   */
  public CommandRequest(
      String name,
      String params,
      Duration ttl,
      @Nullable Long notBefore,
      @Nullable String collapse,
      @Nullable String metadata,
      @Nullable String idempotencyKey) {
    this(
        name,
        ValidatedCommand.parsed("params", params),
        ttl,
        notBefore,
        collapse,
        metadata == null ? null : ValidatedCommand.parsed("metadata", metadata),
        idempotencyKey,
        null);
  }

  /** The same as a part of that job. */
  public CommandRequest partOf(String job) {
    return new CommandRequest(
        name, params, ttl, notBefore, collapse, metadata, idempotencyKey, job);
  }

  /**
   * The same, found well formed; refuses {@code INVALID} or {@code TOO_LARGE} with the field.
   *
   * @param now Unix milliseconds
   */
  public CommandRequest checked(long now) {
    return ValidatedCommand.of(this, now).request();
  }
}
