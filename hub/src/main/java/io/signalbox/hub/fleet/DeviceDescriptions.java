package io.signalbox.hub.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.benmanes.caffeine.cache.Cache;
import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.bus.WorkerThreads;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.devicetype.TypeRules;
import io.signalbox.hub.fleet.DescriptionStore.Saved;
import io.signalbox.hub.fleet.DescriptionStore.StoredDescription;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.keys.LookupCache;
import io.signalbox.hub.keys.Sha256;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What devices say of themselves. Compiled rules are cached by content, because the devices of one
 * firmware say the same; each device's entry is only a digest.
 *
 * <p>Threading: any thread. Descriptions are read on worker threads; those of one event loop are
 * stored in the order of the calls.
 */
public final class DeviceDescriptions {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceDescriptions.class);
  private static final int REMEMBERED_DEVICES = 16_384;
  private static final int VALID = 1_024;

  /** As for compiled types. */
  private static final long COMPILED_CHARACTERS = 2 * 1024 * 1024;

  private static final int MAX_ATTEMPTS = 10;

  /** Members that differ between devices of one firmware and have no effect on rules. */
  private static final List<String> IDENTITY = List.of("firmware", "hardware", "serial");

  private final DescriptionStore store;
  private final WorkerThreads workers = new WorkerThreads();
  private final DeviceRegistry registry;
  private final HubClock clock;
  private final LookupCache<String, Optional<String>> digests;
  private final LookupCache<RulesKey, Optional<TypeRules>> compiled;

  /** Digests of descriptions whose schemas were compiled: those of a fleet are compiled once. */
  private final Cache<String, Boolean> valid = LookupCache.bounded(VALID);

  private volatile boolean isEmpty = true;

  /**
   * Descriptions in this store.
   *
   * @param registry announces devices that describe themselves anew, on this or another node
   */
  public DeviceDescriptions(DescriptionStore store, DeviceRegistry registry, HubClock clock) {
    this.store = store;
    this.registry = registry;
    this.clock = clock;
    digests = new LookupCache<>(REMEMBERED_DEVICES, clock);
    compiled = new LookupCache<>(COMPILED_CHARACTERS, TypeRules::weight, clock);
    registry.onChange(Change.DESCRIBED, this::described);
    registry.onChange(Change.DELETED, digests::remove);
  }

  /** Content of a description and the type that it completes. */
  private record RulesKey(Optional<TypeRules> type, String digest) {}

  /** Must have succeeded before any other method is called. */
  public Future<Void> open(Vertx vertx) {
    workers.open(vertx);
    return store.isEmpty().map(none -> isEmpty = none).mapEmpty();
  }

  /** Forgets what it remembers, because events of other nodes may have been lost. */
  public Future<Void> refresh() {
    digests.clear();
    return store.isEmpty().map(none -> isEmpty = none).mapEmpty();
  }

  /** Whether no device has described itself, so that nothing needs to be looked up. */
  public boolean isEmpty() {
    return isEmpty;
  }

  /**
   * Stores what a device says of itself. {@code MALFORMED}, {@code INVALID} with every fault,
   * {@code TOO_LARGE}, {@code UNKNOWN_DEVICE}.
   *
   * @param text a JSON object
   */
  public Future<StoredDescription> put(String device, String text) {
    return workers
        .runInOrder(() -> valid(text))
        .compose(
            document ->
                store.put(device, document, clock.wallMillis(), saved -> stored(device, saved)))
        .map(Saved::description);
  }

  private String valid(String text) {
    Json document = parsed(text);
    String digest = digest(document);
    if (valid.getIfPresent(digest) != null) {
      TypeRules.requireDescription(document);
    } else {
      TypeRules.ofDescription(document);
      valid.put(digest, true);
    }
    return document.toString();
  }

  private static Json document(StoredDescription stored) {
    return Json.stored("a description", stored.document());
  }

  private static Json parsed(String text) {
    try {
      return Json.parse(text);
    } catch (JsonProcessingException invalid) {
      throw new Refusal(
          ErrorCode.MALFORMED, "description", "the description: " + invalid.getOriginalMessage());
    }
  }

  private void stored(String device, Saved saved) {
    if (saved.isNew()) {
      registry.described(device, saved.labels());
    }
  }

  private void described(String device) {
    isEmpty = false;
    digests.remove(device);
  }

  /** What the device has said of itself; empty if nothing. {@code UNKNOWN_DEVICE}. */
  public Future<Optional<StoredDescription>> find(String device) {
    return store.find(device);
  }

  /** The kept versions of a device's description, newest first. {@code UNKNOWN_DEVICE}. */
  public Future<Page<StoredDescription>> versions(
      String device, @Nullable String cursor, int limit) {
    return store.versions(device, cursor, limit);
  }

  /** The units that these devices say their metrics have, by device and metric. */
  Future<Map<String, Map<String, String>>> unitsOf(List<String> devices) {
    return isEmpty ? Future.succeededFuture(Map.of()) : store.describedUnits(devices);
  }

  /** The rules of a device's type completed by its description; empty if it has neither. */
  Future<Optional<TypeRules>> complete(String device, Optional<TypeRules> type) {
    return isEmpty
        ? Future.succeededFuture(type)
        : OptimisticRetry.run(
            MAX_ATTEMPTS, () -> completeOnce(device, type), () -> changesTooOften(device));
  }

  private Future<Optional<TypeRules>> completeOnce(String device, Optional<TypeRules> type) {
    return digests
        .get(device, this::digestOf)
        .compose(
            digest ->
                digest.isEmpty()
                    ? Future.succeededFuture(type)
                    : compiled.get(new RulesKey(type, digest.get()), key -> compiled(device, key)),
            failure ->
                isUnknown(failure) ? Future.succeededFuture(type) : Future.failedFuture(failure));
  }

  private static boolean isUnknown(Throwable failure) {
    return failure instanceof Refusal refusal && refusal.kind() == ErrorCode.UNKNOWN_DEVICE;
  }

  private static Refusal changesTooOften(String device) {
    return new Refusal(
        ErrorCode.UNAVAILABLE, "device " + device + " changes its description too often");
  }

  private Future<Optional<String>> digestOf(String device) {
    return store.find(device).map(found -> found.map(stored -> digest(document(stored))));
  }

  private Future<Optional<TypeRules>> compiled(String device, RulesKey key) {
    return store
        .find(device)
        .compose(
            found -> {
              Json document = found.<Json>map(DeviceDescriptions::document).orElse(Json.NULL);
              return digest(document).equals(key.digest())
                  ? workers.runInOrder(() -> rules(key.type(), document))
                  : stale(device);
            },
            failure -> isUnknown(failure) ? stale(device) : Future.failedFuture(failure));
  }

  /** Other devices that say the same may share the look-up, so each of them tries again. */
  private Future<Optional<TypeRules>> stale(String device) {
    digests.remove(device);
    return Future.failedFuture(new StaleReadException());
  }

  /** A merged document may not fit, as one with too many metrics; the type holds then. */
  private static Optional<TypeRules> rules(Optional<TypeRules> type, Json description) {
    try {
      return Optional.of(
          type.isPresent()
              ? type.get().completedBy(description)
              : TypeRules.ofDescription(description));
    } catch (Refusal unusable) {
      LOG.warn(
          "Description cannot be merged with the type {} and is ignored: {}",
          type.map(TypeRules::name).orElse("(none)"),
          unusable.detail());
      return type;
    }
  }

  private static String digest(Json document) {
    Json common = document;
    if (document instanceof JsonObject object) {
      Map<String, Json> members = new LinkedHashMap<>(object.members());
      members.keySet().removeAll(IDENTITY);
      common = new JsonObject(members);
    }
    return HexFormat.of().formatHex(Sha256.of(common.toString()));
  }
}
