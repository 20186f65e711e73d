package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.fleet.KeyReservations.Stamped;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Store of devices and deletions in Redis. A device is the hash {@code device:DEVICE}, see {@link
 * DeviceHash}; {@link KeyReservations} finds it by its key, {@link DevicePages} lists devices.
 *
 * <p>The changes of one node to a device run one at a time, in the order of the calls.
 *
 * <p>Threading: any thread.
 */
public final class RedisDeviceStore implements DeviceStore {
  private final RedisLink link;
  private final RedisKeys keys;
  private final KeyReservations reservations;
  private final CaseIndex cases;
  private final DeviceInsertions insertions;
  private final DeviceUpdates updates;
  private final DeviceDeletions deletions;
  private final DevicePages pages;
  private final DeviceQueues queues = new DeviceQueues();

  /** A store on this connection. */
  public RedisDeviceStore(RedisLink link, RedisKeys keys, EventStreams streams) {
    this.link = link;
    this.keys = keys;
    reservations = new KeyReservations(link, keys);
    cases = new CaseIndex(link, keys);
    insertions = new DeviceInsertions(link, keys, streams, reservations, cases, queues);
    updates = new DeviceUpdates(link, keys, streams, reservations);
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
    return change(id, () -> updates.update(id, patch), committed);
  }

  @Override
  public Future<Void> rekey(String id, KeyHash key, Consumer<Device> committed) {
    String hash = DeviceHash.text(key);
    return change(id, () -> updates.rekey(id, hash), rekeyed -> committed.accept(rekeyed.device()))
        .compose(rekeyed -> releaseFormer(id, rekeyed.former(), hash));
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
