package io.signalbox.hub.fleet;

import com.github.benmanes.caffeine.cache.Cache;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.keys.KeyGenerator;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.keys.LookupCache;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Registry of devices and their keys.
 *
 * <p>It does not know sessions: a caller that deletes or disables a device or changes its key must
 * also call {@link SessionRegistry#evict} afterwards.
 *
 * <p>Threading: any thread.
 */
public final class DeviceRegistry {
  private static final int REMEMBERED_KEYS = 8_192;
  private static final int REMEMBERED_TYPES = 16_384;

  private final DeviceStore store;
  private final Topic<Event.DeviceChanged> changes;
  private final HubClock clock;
  private final LookupCache<KeyHash, Device> known;

  /** Owners of replaced keys that were in the cache, until the hub stops. */
  private final Cache<KeyHash, String> former = LookupCache.bounded(REMEMBERED_KEYS);

  private final LookupCache<String, Optional<String>> types;
  private final AtomicLong count = new AtomicLong();
  private volatile Function<String, Future<Void>> beforeReuse =
      id -> Future.failedFuture(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the hub is starting"));

  /**
   * A registry on this store.
   *
   * @param changes gets the changes, once they are durable; those of other nodes come from it, too
   */
  public DeviceRegistry(DeviceStore store, Topic<Event.DeviceChanged> changes, HubClock clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
    known = new LookupCache<>(REMEMBERED_KEYS, clock);
    types = new LookupCache<>(REMEMBERED_TYPES, clock);
    changes.listen(change -> changed(change.device(), change.change()));
  }

  /** Counts the devices. Must be called once, before any other method. */
  public Future<Void> start() {
    return store
        .count()
        .map(
            stored -> {
              count.set(stored);
              return null;
            });
  }

  /** Forgets what it remembers, because events of other nodes may have been lost. */
  public Future<Void> refresh() {
    known.clear();
    types.clear();
    return start();
  }

  /** The device with this key. {@code UNAUTHENTICATED} if there is none, {@code DISABLED}. */
  public Future<Device> authenticate(String key) {
    return holder(key).map(DeviceRegistry::admitted);
  }

  /** The device with this key, even if it is disabled. {@code UNAUTHENTICATED} if there is none. */
  public Future<Device> holder(String key) {
    return known.get(KeyHash.of(key), this::ownerOf);
  }

  /**
   * The id of the device that had this key before it was replaced. {@code UNAUTHENTICATED} if it is
   * unknown.
   */
  public Future<String> formerHolder(String key) {
    String id = former.getIfPresent(KeyHash.of(key));
    return id == null ? Future.failedFuture(wrongKey()) : Future.succeededFuture(id);
  }

  /** Registers a device. {@code INVALID} with the field, {@code DEVICE_EXISTS}. */
  public Future<RegisteredDevice> register(NewDevice device) {
    return registerAll(List.of(device)).map(results -> registered(results.getFirst()));
  }

  /**
   * Registers many devices; results are in the order of the devices and independent of each other.
   */
  public Future<List<RegistrationResult>> registerAll(List<NewDevice> devices) {
    return new BulkRegistration(
            store,
            devices,
            clock.wallMillis(),
            beforeReuse,
            device -> publish(device, Change.CREATED))
        .run();
  }

  /** The device with this id. {@code UNKNOWN_DEVICE}. */
  public Future<Device> get(String id) {
    return store.find(id).map(found -> found.orElseThrow(() -> unknown(id)));
  }

  /** The name of a device's type, cached; empty if it has none. {@code UNKNOWN_DEVICE}. */
  public Future<Optional<String>> typeOf(String id) {
    return types.get(id, unread -> get(unread).map(device -> Optional.ofNullable(device.type())));
  }

  /** The names of the types of these devices; those that are not registered are left out. */
  public Future<Set<Optional<String>>> typesOf(List<String> ids) {
    return store.typesOf(ids);
  }

  /** A page of devices. {@code INVALID} if the cursor belongs to another list. */
  public Future<Page<Device>> list(DeviceQuery query) {
    return store.list(query);
  }

  /** Changes a device. {@code UNKNOWN_DEVICE}, {@code INVALID} with the field. */
  public Future<Device> update(String id, DevicePatch patch) {
    return store.update(id, patch, device -> publish(device, Change.UPDATED));
  }

  /**
   * Deletes a device with its twin and its presence, and writes a {@link DeletionRecord}. {@code
   * UNKNOWN_DEVICE}.
   */
  public Future<Void> delete(String id) {
    return store.delete(
        id, () -> changes.publish(new Event.DeviceChanged(id, Change.DELETED, Map.of())));
  }

  /** Sets the function that completes a deletion before the id is registered again. */
  public void beforeReuse(Function<String, Future<Void>> ending) {
    beforeReuse = ending;
  }

  /** Calls this listener with the id of each device that is deleted, on any node. */
  public void onDeletion(Consumer<String> listener) {
    onChange(Change.DELETED, listener);
  }

  /** Calls this listener with the id of each device that has changed; it must be quick. */
  void onChange(Consumer<String> listener) {
    changes.listen(change -> listener.accept(change.device()));
  }

  /** The same for one kind of change. */
  void onChange(Change kind, Consumer<String> listener) {
    changes.listen(
        change -> {
          if (change.change() == kind) {
            listener.accept(change.device());
          }
        });
  }

  /**
   * Announces that the device has described itself anew; called in the order of the commits.
   *
   * @param labels the device's labels
   */
  void described(String id, Map<String, String> labels) {
    changes.publish(new Event.DeviceChanged(id, Change.DESCRIBED, labels));
  }

  /** The deletion of the device, if it is incomplete. */
  public Future<Optional<DeletionRecord>> deletion(String id) {
    return store.deletion(id);
  }

  /** Incomplete deletions after that number, oldest first. */
  public Future<List<DeletionRecord>> deletions(long after, int limit) {
    return store.deletions(after, limit);
  }

  /** Marks that every store has deleted the device's data once. */
  public Future<Void> deletionSettled(String id) {
    return store.deletionSettled(id);
  }

  /** Removes the deletion record: all data is deleted and no more can arrive, so the id is free. */
  public Future<Void> deletionOver(String id) {
    return store.deletionOver(id);
  }

  /**
   * Replaces a device's key and returns the new one, which is not stored; the old one stops
   * working. {@code UNKNOWN_DEVICE}, {@code INVALID}.
   *
   * @param own the new key; null to generate one
   */
  public Future<String> newKey(String id, @Nullable String own) {
    try {
      DeviceValidator.checkOwnKey(own);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
    String key = own == null ? KeyGenerator.ofDevice() : own;
    return store.rekey(id, KeyHash.of(key), device -> publish(device, Change.UPDATED)).map(key);
  }

  /** Number of devices. */
  public long count() {
    return count.get();
  }

  private Future<Device> ownerOf(KeyHash key) {
    return store.findByKey(key).map(DeviceRegistry::owner);
  }

  private static Device owner(Optional<Device> found) {
    return found.orElseThrow(DeviceRegistry::wrongKey);
  }

  private static Device admitted(Device device) {
    if (!device.enabled()) {
      throw new Refusal(Refusal.ErrorCode.DISABLED, "device " + device.id() + " is disabled");
    }
    return device;
  }

  private static RegisteredDevice registered(RegistrationResult result) {
    return switch (result) {
      case RegistrationResult.Ok done -> done.registered();
      case RegistrationResult.Failed refused -> throw refused.refusal();
    };
  }

  private void publish(Device device, Change change) {
    changes.publish(new Event.DeviceChanged(device.id(), change, device.labels()));
  }

  /** A device has changed, on this or another node: what is remembered of it no longer holds. */
  private void changed(String id, Change change) {
    switch (change) {
      case CREATED -> count.incrementAndGet();
      // The key may have been replaced; who has the right one does not look for former owners.
      case UPDATED -> forget(id).forEach(old -> former.put(old, id));
      case DESCRIBED -> {}
      case DELETED -> {
        count.decrementAndGet();
        forget(id);
        former.asMap().values().removeIf(id::equals);
      }
    }
  }

  private List<KeyHash> forget(String id) {
    types.remove(id);
    return known.forget(device -> device.id().equals(id));
  }

  private static Refusal wrongKey() {
    return new Refusal(Refusal.ErrorCode.UNAUTHENTICATED, "unknown device key");
  }

  static Refusal unknown(String id) {
    return new Refusal(Refusal.ErrorCode.UNKNOWN_DEVICE, "there is no device " + id);
  }
}
