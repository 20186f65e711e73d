package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Event.DeviceChanged;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.fleet.LabelJson;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.fleet.KeyReservations.Reservation;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Changes of devices and their keys: each reads the device, and writes the result if the device is
 * still as it was read, or else begins again.
 *
 * <p>Threading: any thread.
 */
final class DeviceUpdates {
  private static final RedisScript UPDATE =
      RedisScript.of(DeviceUpdates.class, "update-device.lua");
  private static final RedisScript REKEY =
      RedisScript.of(DeviceUpdates.class, "rekey-device.lua", "fleet/clock");

  private static final int MAX_ATTEMPTS = 100;

  private final RedisLink link;
  private final RedisKeys keys;
  private final EventStreams streams;
  private final KeyReservations reservations;

  DeviceUpdates(
      RedisLink link, RedisKeys keys, EventStreams streams, KeyReservations reservations) {
    this.link = link;
    this.keys = keys;
    this.streams = streams;
    this.reservations = reservations;
  }

  /** Changes a device. {@code UNKNOWN_DEVICE}, or the refusal of the patch. */
  Future<Device> update(String id, DevicePatch patch) {
    return write(id, before -> update(before, patch.applyTo(before)));
  }

  /** Gives a device another key. {@code UNKNOWN_DEVICE}; {@code INVALID} if another one has it. */
  Future<Rekeyed> rekey(String id, String hash) {
    return reservations.reserve(id, hash).compose(reserved -> rekey(id, reserved));
  }

  /**
   * Writes a device until nobody else has changed it meanwhile.
   *
   * @param step writes a device as it was read; fails with {@link StaleReadException}
   */
  private <T> Future<T> write(String id, Function<Device, Future<T>> step) {
    return OptimisticRetry.run(
        MAX_ATTEMPTS, () -> present(id).compose(step), () -> FleetRefusals.contended(id));
  }

  private Future<Device> update(Device before, Device after) {
    String id = before.id();
    List<String> names =
        List.of(keys.of(id, "device"), keys.in(keys.partitionOf(id), "names"), streams.of(id));
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                streams.maxEntries(),
                streams.node(),
                updated(after),
                DeviceHash.titled(before),
                DeviceHash.titled(after)));
    arguments.addAll(DeviceHash.compared(before));
    arguments.addAll(DeviceHash.changed(after));
    return link.run(UPDATE, names, arguments.toArray())
        .map(
            answer ->
                switch (answer.toString()) {
                  case "unknown" -> throw FleetRefusals.unknown(id);
                  case "stale" -> throw new StaleReadException();
                  default -> after;
                });
  }

  private byte[] updated(Device device) {
    return streams.encode(List.of(new DeviceChanged(device.id(), Change.UPDATED, device.labels())));
  }

  /** After a failure other than that the device is unknown, it may have the key. */
  private Future<Rekeyed> rekey(String id, Optional<Reservation> reserved) {
    if (reserved.isEmpty()) {
      return Future.failedFuture(
          new Refusal(ErrorCode.INVALID, "key", "key is already used by another device"));
    }
    return write(id, device -> rekey(device, reserved.get()))
        .recover(
            failure ->
                FleetRefusals.isUnknown(failure)
                    ? reservations
                        .release(reserved.get())
                        .transform(released -> Future.failedFuture(failure))
                    : Future.failedFuture(failure));
  }

  /** A device that has got another key, and its former one as in field {@code k}. */
  record Rekeyed(Device device, String former) {}

  private Future<Rekeyed> rekey(Device device, Reservation reserved) {
    String id = device.id();
    return link.run(
            REKEY,
            List.of(keys.of(id, "device"), streams.of(id)),
            LabelJson.of(device.labels()),
            reserved.hash(),
            reserved.time(),
            KeyReservations.USABLE,
            streams.maxEntries(),
            streams.node(),
            updated(device))
        .map(
            answer ->
                switch (answer.get(0).toString()) {
                  case "unknown" -> throw FleetRefusals.unknown(id);
                  case "stale" -> throw new StaleReadException();
                  case "late" ->
                      throw new Refusal(ErrorCode.UNAVAILABLE, "the change took too long");
                  default -> new Rekeyed(device, answer.get(1).toString());
                });
  }

  private Future<Device> present(String id) {
    return link.send(DeviceHash.read(keys, id))
        .map(fields -> DeviceHash.parse(id, fields).orElseThrow(() -> FleetRefusals.unknown(id)));
  }
}
