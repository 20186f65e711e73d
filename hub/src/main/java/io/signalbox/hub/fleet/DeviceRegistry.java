package io.signalbox.hub.fleet;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.WallClock;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who the devices are, and what they prove it with.
 *
 * <p>It does not know who is attached: whoever deletes or disables a device or gives it another key
 * tells {@link SessionRegistry#evict} as well, once that is done.
 *
 * <p>Threading: any thread.
 */
public final class DeviceRegistry {
  private static final int REMEMBERED_KEYS = 8_192;

  private final DeviceStore store;
  private final Topic<Event.DeviceChanged> changes;
  private final WallClock clock;
  private final LookupCache<KeyHash, Device> known = new LookupCache<>(REMEMBERED_KEYS);

  /** Whose the keys were that were replaced while we remembered them, until the hub stops. */
  private final LookupCache<KeyHash, String> former = new LookupCache<>(REMEMBERED_KEYS);

  private final AtomicLong count = new AtomicLong();
  private volatile Function<String, Future<Void>> beforeReuse =
      id -> Future.failedFuture(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the hub is starting"));

  /**
   * A registry over that store.
   *
   * @param clock Unix milliseconds
   */
  public DeviceRegistry(DeviceStore store, Topic<Event.DeviceChanged> changes, WallClock clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
  }

  /** To be called once, before anything else: learns how many devices there are. */
  public Future<Void> start() {
    return store.count().onSuccess(count::set).mapEmpty();
  }

  /** Whose key it is. {@code UNAUTHENTICATED} if nobody's, {@code DISABLED}. */
  public Future<Device> authenticate(String key) {
    return holder(key).map(DeviceRegistry::admitted);
  }

  /** Whose key it is, also if that device is disabled. {@code UNAUTHENTICATED} if nobody's. */
  public Future<Device> holder(String key) {
    return known.get(KeyHash.of(key), this::ownerOf);
  }

  /**
   * Whose key it was before it was replaced, as far as that is remembered. {@code UNAUTHENTICATED}
   * if it is not.
   */
  public Future<String> formerHolder(String key) {
    return former.get(KeyHash.of(key), unknown -> Future.failedFuture(wrongKey()));
  }

  /** Adds a device. {@code INVALID} with the field, {@code DEVICE_EXISTS}. */
  public Future<RegisteredDevice> register(NewDevice device) {
    return registerAll(List.of(device)).map(results -> registered(results.getFirst()));
  }

  /** Adds many; the answers are in the order of the devices, and one's fault is not another's. */
  public Future<List<RegistrationResult>> registerAll(List<NewDevice> devices) {
    return new BulkRegistration(store, devices, clock.wallMillis(), beforeReuse, this::announce)
        .run();
  }

  /** {@code UNKNOWN_DEVICE}. */
  public Future<Device> get(String id) {
    return store.find(id).map(found -> found.orElseThrow(() -> unknown(id)));
  }

  /** A page of devices. {@code INVALID} if the cursor is not of such a list. */
  public Future<Page<Device>> list(DeviceQuery query) {
    return store.list(query);
  }

  /** Changes a device's entry. {@code UNKNOWN_DEVICE}, {@code INVALID} with the field. */
  public Future<Device> update(String id, DevicePatch patch) {
    return store.update(id, patch).onSuccess(device -> changed(device, Change.UPDATED));
  }

  /**
   * Removes a device, its twin and its presence, and keeps a {@link DeletionRecord}. {@code
   * UNKNOWN_DEVICE}.
   */
  public Future<Void> delete(String id) {
    return store.delete(id).onSuccess(gone -> removed(id));
  }

  /** What is asked to end a {@link DeletionRecord} before its id is registered again. */
  public void beforeReuse(Function<String, Future<Void>> ending) {
    beforeReuse = ending;
  }

  /** The deletion of that device, if it is not over. */
  public Future<Optional<DeletionRecord>> deletion(String id) {
    return store.deletion(id);
  }

  /** Deletions that are not over, after that number, oldest first. */
  public Future<List<DeletionRecord>> deletions(long after, int limit) {
    return store.deletions(after, limit);
  }

  /** Every store has removed what it kept of the deleted device. */
  public Future<Void> deletionSettled(String id) {
    return store.deletionSettled(id);
  }

  /** Nothing is kept of the deleted device, and nothing can come any more: the id is free. */
  public Future<Void> deletionOver(String id) {
    return store.deletionOver(id);
  }

  /**
   * Gives a device another key, which is answered and not kept; the old one stops working. {@code
   * UNKNOWN_DEVICE}, {@code INVALID}.
   *
   * @param own null to have one made
   */
  public Future<String> newKey(String id, @Nullable String own) {
    try {
      DeviceValidator.checkOwnKey(own);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
    String key = own == null ? KeyGenerator.ofDevice() : own;
    return store.rekey(id, KeyHash.of(key)).onSuccess(done -> retire(id)).map(key);
  }

  /** How many devices there are. */
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

  private void announce(Device device) {
    count.incrementAndGet();
    changed(device, Change.CREATED);
  }

  private void removed(String id) {
    count.decrementAndGet();
    former.forget(id::equals);
    forget(id);
    changes.publish(new Event.DeviceChanged(id, Change.DELETED, Map.of()));
  }

  private void changed(Device device, Change change) {
    if (change != Change.CREATED) {
      forget(device.id());
    }
    changes.publish(new Event.DeviceChanged(device.id(), change, device.labels()));
  }

  private List<KeyHash> forget(String id) {
    return known.forget(device -> device.id().equals(id));
  }

  private void retire(String id) {
    forget(id).forEach(old -> former.get(old, hash -> Future.succeededFuture(id)));
  }

  private static Refusal wrongKey() {
    return new Refusal(Refusal.ErrorCode.UNAUTHENTICATED, "the device's key is wrong");
  }

  static Refusal unknown(String id) {
    return new Refusal(Refusal.ErrorCode.UNKNOWN_DEVICE, "there is no device " + id);
  }
}
