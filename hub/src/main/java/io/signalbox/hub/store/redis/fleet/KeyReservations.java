package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Index of devices by the hash of their keys: {@code key:HASH}, in the partition of the hash, is
 * the device and the time of the reservation. The device has the key only if its own hash says so,
 * because the two are in different partitions and are written one after the other: a key is first
 * reserved for a device, then given to it.
 *
 * <p>A reservation that is not used becomes void. Another device may take over a void one that is
 * older than {@link #LIFETIME}; a script that gives a key to a device refuses a reservation that is
 * older than half of that, so a node that was paused between the two steps harms nothing. Whoever
 * takes a key over reads that the owner does not have it, then replaces the reservation if it is
 * still the same: an owner that has got the key meanwhile has a later one.
 *
 * <p>Threading: any thread.
 */
final class KeyReservations {
  private static final Duration LIFETIME = Duration.ofSeconds(60);
  private static final long MICROS = 1_000;

  /** Greatest age of a reservation that a script may use, in microseconds. */
  static final long USABLE = LIFETIME.toMillis() / 2 * MICROS;

  private static final RedisScript RESERVE =
      RedisScript.of(KeyReservations.class, "reserve-key.lua", "fleet/clock");
  private static final RedisScript RELEASE =
      RedisScript.of(KeyReservations.class, "release-key.lua");

  private final RedisLink link;
  private final RedisKeys keys;

  KeyReservations(RedisLink link, RedisKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /**
   * A reserved key.
   *
   * @param time when it was reserved, in microseconds
   * @param isAlone whether nobody else can be registering the same device with this key, so that it
   *     can be released
   */
  record Reservation(String device, String hash, String time, boolean isAlone) {}

  /** A device, or the hash of a key, with the time of the reservation, as Redis has them. */
  record Stamped(String text, String time) {
    static Stamped of(String pair) {
      int blank = pair.indexOf(' ');
      return new Stamped(pair.substring(0, blank), pair.substring(blank + 1));
    }
  }

  private String index(String hash) {
    return keys.of(hash, "key");
  }

  /** The device for which a key is or was reserved. */
  Future<Optional<String>> find(String hash) {
    return link.send(Request.cmd(Command.GET).arg(index(hash)))
        .map(found -> Optional.ofNullable(found).map(held -> Stamped.of(held.toString()).text()));
  }

  /** Whether the device, of which field {@code k} was read, has the key. */
  static boolean has(@Nullable Response field, String hash) {
    return field != null && field.toString().startsWith(hash);
  }

  /** Reserves a key; empty if another device has it. */
  Future<Optional<Reservation>> reserve(String device, String hash) {
    return run(device, hash, "")
        .compose(
            answer ->
                isHeld(answer)
                    ? takeOver(device, hash, answer)
                    : Future.succeededFuture(reserved(device, hash, answer)));
  }

  private Future<Response> run(String device, String hash, String expected) {
    return link.run(RESERVE, List.of(index(hash)), device, expected, LIFETIME.toMillis() * MICROS);
  }

  private static boolean isHeld(Response answer) {
    return answer.get(0).toString().equals("held");
  }

  private static Optional<Reservation> reserved(String device, String hash, Response answer) {
    return isHeld(answer)
        ? Optional.empty()
        : Optional.of(
            new Reservation(
                device,
                hash,
                answer.get(1).toString(),
                answer.get(0).toString().equals("reserved")));
  }

  private Future<Optional<Reservation>> takeOver(String device, String hash, Response held) {
    if (held.get(3).toString().equals("1")) {
      return Future.succeededFuture(Optional.empty());
    }
    String owner = held.get(1).toString();
    return link.send(Request.cmd(Command.HGET).arg(keys.of(owner, "device")).arg("k"))
        .compose(
            key ->
                has(key, hash)
                    ? Future.succeededFuture(Optional.empty())
                    : run(device, hash, held.get(2).toString())
                        .map(answer -> reserved(device, hash, answer)));
  }

  /** Releases a key that its device did not get, or has no longer. */
  Future<Void> release(String device, String hash, String time) {
    return link.run(RELEASE, List.of(index(hash)), device + ' ' + time).mapEmpty();
  }

  /** Releases a key that its device did not get, if nobody else may be about to use it. */
  Future<Void> release(Reservation unused) {
    return unused.isAlone()
        ? release(unused.device(), unused.hash(), unused.time())
        : Future.succeededFuture();
  }
}
