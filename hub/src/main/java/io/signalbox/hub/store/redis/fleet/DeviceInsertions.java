package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DeviceStore.Entry;
import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Event.DeviceChanged;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.CommitCallback;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.fleet.KeyReservations.Reservation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Insertions of devices. The entries of one call are pipelined: each reserves its key, then a
 * script inserts the device. If Redis becomes unavailable meanwhile, the call fails although some
 * entries may be inserted.
 *
 * <p>Threading: any thread.
 */
final class DeviceInsertions {
  private static final RedisScript INSERT =
      RedisScript.of(DeviceInsertions.class, "insert-device.lua", "fleet/clock", "fleet/title");

  /** A reservation is too old only if this node was paused. */
  private static final int MAX_ATTEMPTS = 3;

  private final RedisLink link;
  private final RedisKeys keys;
  private final EventStreams streams;
  private final KeyReservations reservations;
  private final CaseIndex cases;
  private final DeviceQueues queues;

  /** Devices that are inserted by calls whose callbacks have not been called. */
  private final ConcurrentMap<String, Future<Void>> unannounced = new ConcurrentHashMap<>();

  DeviceInsertions(
      RedisLink link,
      RedisKeys keys,
      EventStreams streams,
      KeyReservations reservations,
      CaseIndex cases,
      DeviceQueues queues) {
    this.link = link;
    this.keys = keys;
    this.streams = streams;
    this.reservations = reservations;
    this.cases = cases;
    this.queues = queues;
  }

  Future<List<Insertion>> insert(List<Entry> entries, Consumer<List<Insertion>> committed) {
    Promise<Void> announced = Promise.promise();
    List<Future<Insertion>> outcomes = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      String id = entry.device().id();
      outcomes.add(
          queues.submit(
              id,
              () ->
                  insert(entry, MAX_ATTEMPTS)
                      .map(outcome -> inserted(id, outcome, announced.future()))));
    }
    return Future.join(outcomes)
        .map(all -> CommitCallback.call(committed, all.<Insertion>list()))
        .andThen(ended -> announce(entries, announced))
        .compose(insertions -> indexed(entries, insertions));
  }

  private Insertion inserted(String id, Insertion outcome, Future<Void> announced) {
    if (outcome == Insertion.DONE) {
      unannounced.put(id, announced);
    }
    return outcome;
  }

  private void announce(List<Entry> entries, Promise<Void> announced) {
    entries.forEach(entry -> unannounced.remove(entry.device().id(), announced.future()));
    announced.complete();
  }

  /**
   * Calls the callback of a change of a device, after that of its insertion by this node. The queue
   * of the device must not wait for it: the insertion may have entries in other queues.
   */
  <T> Future<T> afterInsertion(String device, Consumer<? super T> committed, T change) {
    Future<Void> insertion = unannounced.get(device);
    return insertion == null
        ? Future.succeededFuture(CommitCallback.call(committed, change))
        : insertion.map(announced -> CommitCallback.call(committed, change));
  }

  /** The devices are registered, whether or not their ids can be added to the index. */
  private Future<List<Insertion>> indexed(List<Entry> entries, List<Insertion> insertions) {
    List<String> inserted =
        IntStream.range(0, entries.size())
            .filter(i -> insertions.get(i) == Insertion.DONE)
            .mapToObj(i -> entries.get(i).device().id())
            .toList();
    return cases.add(inserted).transform(indexed -> Future.succeededFuture(insertions));
  }

  private Future<Insertion> insert(Entry entry, int attempts) {
    String id = entry.device().id();
    return reservations
        .reserve(id, DeviceHash.text(entry.key()))
        .compose(
            reserved ->
                reserved.isPresent() ? insert(entry, reserved.get(), attempts) : refused(id));
  }

  private Future<Insertion> insert(Entry entry, Reservation reserved, int attempts) {
    return run(entry.device(), reserved)
        .compose(
            answer ->
                switch (answer.toString()) {
                  case "late" -> again(entry, reserved, attempts);
                  case "kept" -> Future.succeededFuture(Insertion.ID_TAKEN);
                  case "DONE" -> Future.succeededFuture(Insertion.DONE);
                  default ->
                      reservations.release(reserved).map(Insertion.valueOf(answer.toString()));
                });
  }

  private Future<Insertion> again(Entry entry, Reservation late, int attempts) {
    return attempts == 1
        ? Future.failedFuture(new Refusal(ErrorCode.UNAVAILABLE, "the registration took too long"))
        : reservations.release(late).compose(released -> insert(entry, attempts - 1));
  }

  private Future<Response> run(Device device, Reservation reserved) {
    String id = device.id();
    int partition = keys.partitionOf(id);
    List<String> names =
        List.of(
            keys.of(id, "device"),
            keys.in(partition, "devices"),
            keys.in(partition, "names"),
            keys.in(partition, "created"),
            keys.in(partition, "deletions"),
            keys.in(partition, "revisions"),
            streams.in(partition));
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                id,
                reserved.hash(),
                reserved.time(),
                KeyReservations.USABLE,
                device.created(),
                DeviceHash.titled(device),
                streams.maxEntries(),
                streams.node(),
                streams.encode(List.of(new DeviceChanged(id, Change.CREATED, device.labels())))));
    arguments.addAll(DeviceHash.fields(device));
    return link.run(INSERT, names, arguments.toArray());
  }

  /** The key is another device's, but what is said of the id comes first. */
  private Future<Insertion> refused(String id) {
    Request registered = Request.cmd(Command.EXISTS).arg(keys.of(id, "device"));
    Request deletion =
        Request.cmd(Command.ZSCORE).arg(keys.in(keys.partitionOf(id), "deletions")).arg(id);
    return link.sendAll(List.of(registered, deletion))
        .map(found -> refusal(found.get(0).toInteger() == 1, found.get(1)));
  }

  private static Insertion refusal(boolean isRegistered, @Nullable Response deletion) {
    if (isRegistered) {
      return Insertion.ID_TAKEN;
    }
    return deletion == null ? Insertion.KEY_TAKEN : Insertion.BEING_DELETED;
  }
}
