package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Event.DeviceChanged;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.LabelJson;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.fleet.KeyReservations.Reservation;
import io.signalbox.hub.store.redis.fleet.KeyReservations.Stamped;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Store of devices and deletions in Redis. A device is the hash {@code device:DEVICE}, see {@link
 * DeviceHash}; {@link KeyReservations} finds it by its key, {@link DevicePages} lists devices.
 *
 * <p>Changes of a device read it, apply the change, and write the result if the device is still as
 * it was read. The changes of one node to a device run one at a time.
 *
 * <p>Threading: any thread.
 */
public final class RedisDeviceStore implements DeviceStore {
  private static final RedisScript UPDATE =
      RedisScript.of(RedisDeviceStore.class, "update-device.lua");
  private static final RedisScript REKEY =
      RedisScript.of(RedisDeviceStore.class, "rekey-device.lua", "fleet/clock");

  private static final int MAX_ATTEMPTS = 100;

  private final RedisLink link;
  private final RedisKeys keys;
  private final EventStreams streams;
  private final KeyReservations reservations;
  private final CaseIndex cases;
  private final DeviceInsertions insertions;
  private final DeviceDeletions deletions;
  private final DevicePages pages;
  private final DeviceQueues queues = new DeviceQueues();

  /** A store on this connection. */
  public RedisDeviceStore(RedisLink link, RedisKeys keys, EventStreams streams) {
    this.link = link;
    this.keys = keys;
    this.streams = streams;
    reservations = new KeyReservations(link, keys);
    cases = new CaseIndex(link, keys);
    insertions = new DeviceInsertions(link, keys, streams, reservations, cases, queues);
    deletions = new DeviceDeletions(link, keys, streams);
    pages = new DevicePages(link, keys);
  }

  @Override
  public Future<List<Insertion>> insert(List<Entry> entries, Consumer<List<Insertion>> committed) {
    return insertions.insert(entries, committed);
  }

  @Override
  public Future<Optional<Device>> find(String id) {
    return link.send(DeviceHash.read(keys, id)).map(fields -> DeviceHash.parse(id, fields));
  }

  @Override
  public Future<Map<String, String>> differingInCase(List<String> ids) {
    return cases.others(ids);
  }

  @Override
  public Future<Set<Optional<String>>> typesOf(List<String> ids) {
    return link.sendAll(ids.stream().map(this::readType).toList())
        .map(
            found -> {
              Set<Optional<String>> types = new HashSet<>();
              for (Response fields : found) {
                if (fields.get(0) != null) {
                  types.add(Optional.ofNullable(fields.get(1)).map(Response::toString));
                }
              }
              return types;
            });
  }

  private Request readType(String id) {
    return Request.cmd(Command.HMGET).arg(keys.of(id, "device")).arg("e").arg("t");
  }

  @Override
  public Future<Optional<Device>> findByKey(KeyHash key) {
    String hash = DeviceHash.text(key);
    return reservations
        .find(hash)
        .compose(
            owner ->
                owner.isPresent()
                    ? holder(owner.get(), hash)
                    : Future.succeededFuture(Optional.empty()));
  }

  private Future<Optional<Device>> holder(String id, String hash) {
    return link.send(DeviceHash.read(keys, id).arg("k"))
        .map(
            fields ->
                KeyReservations.has(fields.get(DeviceHash.READ_FIELDS), hash)
                    ? DeviceHash.parse(id, fields)
                    : Optional.empty());
  }

  @Override
  public Future<Page<Device>> list(DeviceQuery query) {
    return Future.succeededFuture(query).compose(pages::read);
  }

  @Override
  public Future<Device> update(String id, DevicePatch patch, Consumer<Device> committed) {
    return change(id, () -> write(id, before -> update(before, patch.applyTo(before))), committed);
  }

  /** Runs a change of a device after those before it, and then its callback. */
  private <T> Future<T> change(
      String id, Supplier<Future<T>> change, Consumer<? super T> committed) {
    return queues
        .submit(
            id,
            () -> change.get().map(changed -> insertions.afterInsertion(id, committed, changed)))
        .compose(called -> called);
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

  private Future<Device> present(String id) {
    return find(id).map(found -> found.orElseThrow(() -> FleetRefusals.unknown(id)));
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

  @Override
  public Future<Void> rekey(String id, KeyHash key, Consumer<Device> committed) {
    String hash = DeviceHash.text(key);
    return change(
            id,
            () -> reservations.reserve(id, hash).compose(reserved -> rekey(id, reserved)),
            rekeyed -> committed.accept(rekeyed.device()))
        .compose(rekeyed -> releaseFormer(id, rekeyed.former(), hash));
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
  private record Rekeyed(Device device, String former) {}

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

  /** What is left of a former key is void, so the change has succeeded whether this does or not. */
  private Future<Void> releaseFormer(String id, String former, String present) {
    Stamped key = Stamped.of(former);
    return key.text().equals(present)
        ? Future.succeededFuture()
        : reservations.release(id, key.text(), key.time()).otherwiseEmpty();
  }

  @Override
  public Future<Void> delete(String id, Runnable committed) {
    return change(id, () -> deletions.delete(id), deleted -> committed.run())
        .compose(key -> releaseFormer(id, key, ""))
        .compose(released -> cases.remove(id).otherwiseEmpty());
  }

  @Override
  public Future<Optional<DeletionRecord>> deletion(String id) {
    return deletions.find(id);
  }

  @Override
  public Future<List<DeletionRecord>> deletions(long after, int limit) {
    return deletions.after(after, limit);
  }

  @Override
  public Future<Void> deletionSettled(String id) {
    return deletions.settle(id);
  }

  @Override
  public Future<Void> deletionOver(String id) {
    return deletions.end(id);
  }

  @Override
  public Future<Long> count() {
    return link.sendAll(
            keys.inAll("devices").map(key -> Request.cmd(Command.ZCARD).arg(key)).toList())
        .map(counts -> counts.stream().mapToLong(Response::toLong).sum());
  }
}
