package io.signalbox.hub.devicetype;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.bus.WorkerThreads;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.devicetype.DeviceTypeStore.Revision;
import io.signalbox.hub.devicetype.DeviceTypeStore.StoredType;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.MergePatch;
import io.signalbox.hub.keys.LookupCache;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Service of device types. A change is validated as a whole before it is stored, and applies to
 * every command, state and reading that is validated after its future has succeeded.
 *
 * <p>Threading: any thread; documents are read on worker threads, and futures complete on any
 * thread.
 */
public final class DeviceTypes {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceTypes.class);

  /** Compiled types in memory take 15 to 50 bytes for each character of their documents. */
  static final long CACHED_CHARACTERS = 2 * 1024 * 1024;

  private static final int MAX_ATTEMPTS = 10;
  private static final int PAGE = 100;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private static final Future<Optional<TypeRules>> NONE = Future.succeededFuture(Optional.empty());

  private final DeviceTypeStore store;
  private final Topic<Event.DeviceTypeChanged> changes;
  private final WorkerThreads workers = new WorkerThreads();
  private final HubClock clock;
  private final LookupCache<String, Optional<TypeRules>> compiled;

  /** The version of each type that is defined, as far as this node knows. */
  private final Map<String, Long> versions = new ConcurrentHashMap<>();

  /** Types that another node has changed and that are to be read. */
  private final Set<String> unread = ConcurrentHashMap.newKeySet();

  private final List<BiConsumer<String, Optional<DeviceType>>> listeners =
      new CopyOnWriteArrayList<>();

  /** Raised by every change of a type, here or elsewhere; guarded by this. */
  private int changeCount;

  private volatile @Nullable Vertx vertx;
  private volatile boolean isOpen;

  /** Whether the last read failed, which was logged then. */
  private volatile boolean isReadFailing;

  /**
   * Types on this store.
   *
   * @param changes gets each change once it is durable, in the order of the commits; those of other
   *     nodes come from it, too
   */
  public DeviceTypes(
      DeviceTypeStore store, Topic<Event.DeviceTypeChanged> changes, HubClock clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
    compiled = new LookupCache<>(CACHED_CHARACTERS, TypeRules::weight, clock);
    changes.listen(this::changed);
  }

  /**
   * Reads the types and passes them to the listeners. Must have succeeded before any other method
   * is called.
   */
  public Future<Void> open(Vertx opened) {
    vertx = opened;
    workers.open(opened);
    return open((String) null).map(read -> readChanged());
  }

  /** Reads the types anew, because events of other nodes may have been lost. */
  public Future<Void> refresh() {
    List<String> before = List.copyOf(versions.keySet());
    return open((String) null).onSuccess(read -> before.forEach(this::read));
  }

  /** Types that were changed elsewhere while the others were read. */
  private @Nullable Void readChanged() {
    isOpen = true;
    List.copyOf(unread).forEach(this::read);
    return null;
  }

  private Future<Void> open(@Nullable String cursor) {
    return store
        .list(cursor, PAGE)
        .compose(
            page ->
                page.items().isEmpty()
                    ? Future.succeededFuture()
                    : workers.run(() -> announce(page.items())).compose(done -> rest(page.next())));
  }

  private Future<Void> rest(@Nullable String cursor) {
    return cursor == null ? Future.succeededFuture() : open(cursor);
  }

  private int announce(List<StoredType> stored) {
    stored.forEach(type -> defined(type.name(), type.version(), definition(type)));
    return stored.size();
  }

  /**
   * Calls the listener for each type when the service opens, and after each change, in order; the
   * definition is empty if the type was deleted. The listener must be quick.
   */
  public void onChange(BiConsumer<String, Optional<DeviceType>> listener) {
    listeners.add(listener);
  }

  /** Whether no type is defined, so that nothing needs to be looked up. */
  public boolean isEmpty() {
    return versions.isEmpty();
  }

  /** Whether a type with that name is defined. */
  public boolean isDefined(String name) {
    return versions.containsKey(name);
  }

  /** The type with that name. {@code UNKNOWN_DEVICE_TYPE}. */
  public Future<StoredType> get(String name) {
    return store.find(name).map(found -> found.orElseThrow(() -> unknown(name)));
  }

  /** The type with that name, if it is defined. */
  public Future<Optional<StoredType>> find(String name) {
    return store.find(name);
  }

  /** Types by name. */
  public Future<Page<StoredType>> list(@Nullable String cursor, int limit) {
    return store.list(cursor, limit);
  }

  /** The kept versions of a type, newest first, also of a deleted one. */
  public Future<Page<StoredType>> versions(String name, @Nullable String cursor, int limit) {
    return store.versions(name, cursor, limit);
  }

  /**
   * Defines a type or replaces its definition. {@code INVALID} with every fault, {@code TOO_LARGE},
   * {@code PRECONDITION_FAILED}, {@code CONFLICT} if there are too many types.
   *
   * @param by name of the principal
   */
  public Future<Revision> put(String name, Json document, Precondition precondition, String by) {
    return workers
        .run(() -> valid(name, document))
        .compose(
            rules ->
                revise(
                    rules,
                    present -> {
                      checkPut(name, present, precondition);
                      return document.toString();
                    },
                    by));
  }

  /**
   * Applies a merge patch to a definition. Refusals as for {@link #put}, and {@code
   * UNKNOWN_DEVICE_TYPE}.
   */
  public Future<Revision> patch(String name, Json patch, Precondition precondition, String by) {
    String busy = "type " + name + " has too many concurrent changes; try again";
    return OptimisticRetry.run(
        MAX_ATTEMPTS,
        () -> get(name).compose(read -> patch(read, patch, precondition, by)),
        () -> new Refusal(ErrorCode.CONFLICT, busy));
  }

  private Future<Revision> patch(
      StoredType read, Json patch, Precondition precondition, String by) {
    check(read, precondition);
    Json patched = MergePatch.apply(parsed(read), patch);
    return workers
        .run(() -> valid(read.name(), patched))
        .compose(rules -> revise(rules, present -> ifStill(read, present, patched.toString()), by));
  }

  /** Deletes a type. {@code UNKNOWN_DEVICE_TYPE}, {@code PRECONDITION_FAILED}. */
  public Future<Void> delete(String name, Precondition precondition, String by) {
    return store.delete(name, precondition, by, clock.wallMillis(), this::deleted);
  }

  /** The compiled type with that name, cached; empty if it is not defined. */
  public Future<Optional<TypeRules>> rules(String name) {
    return isDefined(name) ? compiled.get(name, this::load) : NONE;
  }

  private Future<Optional<TypeRules>> load(String name) {
    return store
        .find(name)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.<TypeRules>empty())
                    : workers.run(() -> compile(found.get())));
  }

  /** A document of another version of the hub may not fit; commands must be possible even so. */
  private static Optional<TypeRules> compile(StoredType stored) {
    try {
      return Optional.of(TypeRules.of(stored.name(), parsed(stored)));
    } catch (Refusal unusable) {
      LOG.error(
          "Device type {} cannot be used and is ignored: {}", stored.name(), unusable.detail());
      return Optional.empty();
    }
  }

  /** The definition without its schemas compiled; empty if it cannot be used. */
  private static Optional<DeviceType> definition(StoredType stored) {
    try {
      List<Fault> faults = new ArrayList<>();
      DeviceType type = DeviceTypeReader.read(parsed(stored), faults);
      return faults.isEmpty() ? Optional.of(type) : Optional.empty();
    } catch (Refusal tooLarge) {
      return Optional.empty();
    }
  }

  private static TypeRules valid(String name, Json document) {
    if (!DeviceType.isName(name)) {
      throw new Refusal(
          ErrorCode.INVALID,
          "type",
          "type must have 1 to %d printable characters without a slash"
              .formatted(DeviceType.NAME_LENGTH));
    }
    return TypeRules.of(name, document);
  }

  private Future<Revision> revise(TypeRules rules, DeviceTypeStore.Change change, String by) {
    return store.revise(
        rules.name(), change, by, clock.wallMillis(), revision -> changed(rules, revision));
  }

  private void changed(TypeRules rules, Revision revision) {
    defined(rules.name(), revision.after().version(), Optional.of(rules.type()));
    if (revision.isChange()) {
      publish(revision.isNew() ? Change.CREATED : Change.UPDATED, revision.after());
    }
  }

  private void deleted(StoredType deletion) {
    undefined(deletion.name());
    publish(Change.DELETED, deletion);
  }

  /** A change of this node is known already; after one of another node the type is read. */
  private synchronized void changed(Event.DeviceTypeChanged change) {
    String name = change.name();
    changeCount++;
    long known = versions.getOrDefault(name, 0L);
    boolean isKnown = change.change() == Change.DELETED ? known == 0 : change.version() <= known;
    if (!(isKnown && isOpen) && unread.add(name) && isOpen) {
      read(name);
    }
  }

  private synchronized void read(String name) {
    unread.remove(name);
    int before = changeCount;
    store
        .find(name)
        .compose(found -> workers.run(() -> apply(name, found, before)))
        .onFailure(failure -> readLater(name, failure));
  }

  /** Outside the lock, for which the store's thread may wait: documents are large. */
  private boolean apply(String name, Optional<StoredType> found, int before) {
    Optional<DeviceType> definition = found.flatMap(DeviceTypes::definition);
    return applyIfNewest(name, found.map(StoredType::version), definition, before);
  }

  /** What was read may be older than a change that came meanwhile: then it is read again. */
  private synchronized boolean applyIfNewest(
      String name, Optional<Long> version, Optional<DeviceType> definition, int before) {
    boolean isNewest = before == changeCount;
    isReadFailing = false;
    if (!isNewest) {
      read(name);
    } else if (version.isPresent()) {
      defined(name, version.get(), definition);
    } else {
      undefined(name);
    }
    return isNewest;
  }

  private void readLater(String name, Throwable failure) {
    Vertx timers = vertx;
    if (timers != null && unread.add(name)) {
      if (!isReadFailing) {
        LOG.warn(
            "Device type {} was changed by another node and cannot be read: {}; tried every {} s",
            name,
            failure.getMessage(),
            RETRY.toSeconds());
      }
      isReadFailing = true;
      timers.setTimer(RETRY.toMillis(), fired -> read(name));
    }
  }

  /** Serialized, so that listeners see the changes of a type in their order. */
  private synchronized void defined(String name, long version, Optional<DeviceType> definition) {
    changeCount++;
    versions.put(name, version);
    compiled.remove(name);
    listeners.forEach(listener -> listener.accept(name, definition));
  }

  private synchronized void undefined(String name) {
    changeCount++;
    if (versions.remove(name) != null) {
      compiled.remove(name);
      listeners.forEach(listener -> listener.accept(name, Optional.empty()));
    }
  }

  private void publish(Change change, StoredType after) {
    changes.publish(new Event.DeviceTypeChanged(after.name(), change, after.version()));
  }

  private static void checkPut(
      String name, @Nullable StoredType present, Precondition precondition) {
    if (present == null) {
      precondition.checkAbsent("type " + name);
    } else {
      check(present, precondition);
    }
  }

  private static void check(StoredType present, Precondition precondition) {
    precondition.check(
        "type " + present.name(), present.version(), () -> Long.toString(present.version()));
  }

  private static String ifStill(StoredType read, @Nullable StoredType present, String text) {
    if (present == null || present.version() != read.version()) {
      throw new StaleReadException();
    }
    return text;
  }

  private static Json parsed(StoredType stored) {
    String document = Objects.requireNonNull(stored.document());
    return Json.stored("definition of type " + stored.name(), document);
  }

  /** The refusal for a type that is not defined. */
  public static Refusal unknown(String name) {
    return new Refusal(ErrorCode.UNKNOWN_DEVICE_TYPE, "there is no device type " + name);
  }
}
