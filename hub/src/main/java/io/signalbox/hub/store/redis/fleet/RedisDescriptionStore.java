package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.bus.WorkerThreads;
import io.signalbox.hub.fleet.DescriptionStore;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Event.DeviceChanged;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.redis.CommitCallback;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Store of descriptions in Redis. The list {@code description:DEVICE} has the kept versions, newest
 * first, each as its number, its time and the document; the hash {@code units:DEVICE} has the units
 * that readings named. The counter {@code described} of a partition is the number of its devices
 * that have a description.
 *
 * <p>Threading: any thread.
 */
public final class RedisDescriptionStore implements DescriptionStore {
  private static final RedisScript PUT =
      RedisScript.of(RedisDescriptionStore.class, "put-description.lua");
  private static final RedisScript PUT_UNITS =
      RedisScript.of(RedisDescriptionStore.class, "put-units.lua");

  private static final int MAX_ATTEMPTS = 100;

  private final RedisLink link;
  private final RedisKeys keys;
  private final EventStreams streams;
  private final WorkerThreads workers;
  private final DeviceQueues queues = new DeviceQueues();

  /**
   * A store on this connection.
   *
   * @param workers parse the descriptions of many devices
   */
  public RedisDescriptionStore(
      RedisLink link, RedisKeys keys, EventStreams streams, WorkerThreads workers) {
    this.link = link;
    this.keys = keys;
    this.streams = streams;
    this.workers = workers;
  }

  @Override
  public Future<Optional<StoredDescription>> find(String device) {
    return read(device).map(present -> Optional.ofNullable(present.newest()));
  }

  /** The newest description of a device, and the device's labels. */
  private record Present(@Nullable StoredDescription newest, String labels) {
    long version() {
      return newest == null ? 0 : newest.version();
    }

    boolean is(String document) {
      return newest != null && newest.document().equals(document);
    }

    Saved saved(StoredDescription description, boolean isNew) {
      return new Saved(description, isNew, Json.storedStrings("Labels of a device", labels));
    }
  }

  /** The description first: if the device is registered after that, it was its own. */
  private Future<Present> read(String device) {
    return link.sendAll(
            List.of(
                newest(device), Request.cmd(Command.HGET).arg(keys.of(device, "device")).arg("l")))
        .map(found -> present(device, found.get(0), found.get(1)));
  }

  private Request newest(String device) {
    return Request.cmd(Command.LINDEX).arg(keys.of(device, "description")).arg(0);
  }

  private static Present present(
      String device, @Nullable Response newest, @Nullable Response labels) {
    if (labels == null) {
      throw FleetRefusals.unknown(device);
    }
    return new Present(newest == null ? null : parse(newest), labels.toString());
  }

  @Override
  public Future<Saved> put(String device, String document, long at, Consumer<Saved> committed) {
    return queues.submit(
        device,
        () ->
            OptimisticRetry.run(
                MAX_ATTEMPTS,
                () -> attempt(device, document, at, committed),
                () -> FleetRefusals.contended(device)));
  }

  private Future<Saved> attempt(
      String device, String document, long at, Consumer<Saved> committed) {
    return read(device)
        .compose(
            present ->
                present.newest() != null && present.is(document)
                    ? Future.succeededFuture(present.saved(present.newest(), false))
                    : add(
                        device,
                        present,
                        new StoredDescription(present.version() + 1, at, document)))
        .map(saved -> CommitCallback.call(committed, saved));
  }

  private Future<Saved> add(String device, Present present, StoredDescription next) {
    Saved saved = present.saved(next, true);
    List<String> names =
        List.of(
            keys.of(device, "device"),
            keys.of(device, "description"),
            keys.in(keys.partitionOf(device), "described"),
            streams.of(device));
    return link.run(
            PUT,
            names,
            present.labels(),
            present.version(),
            next.version() + " " + next.ts() + " " + next.document(),
            KEPT_VERSIONS,
            streams.maxEntries(),
            streams.node(),
            streams.encode(List.of(new DeviceChanged(device, Change.DESCRIBED, saved.labels()))))
        .map(outcome -> added(device, outcome.toString(), saved));
  }

  private static Saved added(String device, String outcome, Saved saved) {
    return switch (outcome) {
      case "unknown" -> throw FleetRefusals.unknown(device);
      case "stale" -> throw new StaleReadException();
      default -> saved;
    };
  }

  @Override
  public Future<Page<StoredDescription>> versions(
      String device, @Nullable String cursor, int limit) {
    long before;
    try {
      before = Paging.after(cursor, Long.MAX_VALUE);
    } catch (Refusal foreign) {
      return Future.failedFuture(foreign);
    }
    Request all = Request.cmd(Command.LRANGE).arg(keys.of(device, "description")).arg(0).arg(-1);
    Request exists = Request.cmd(Command.EXISTS).arg(keys.of(device, "device"));
    return link.sendAll(List.of(all, exists))
        .map(
            found -> {
              if (found.get(1).toInteger() == 0) {
                throw FleetRefusals.unknown(device);
              }
              return page(found.get(0), before, limit);
            });
  }

  private static Page<StoredDescription> page(Response all, long before, int limit) {
    List<StoredDescription> found =
        all.stream()
            .map(RedisDescriptionStore::parse)
            .filter(description -> description.version() < before)
            .limit(limit + 1L)
            .toList();
    return Paging.page(
        found,
        limit,
        Function.identity(),
        description -> Paging.cursor(description.version()),
        all.size());
  }

  private static StoredDescription parse(Response entry) {
    String[] parts = entry.toString().split(" ", 3);
    return new StoredDescription(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }

  @Override
  public Future<Map<String, String>> units(String device) {
    return link.send(unitsOf(device)).map(RedisDescriptionStore::strings);
  }

  private Request unitsOf(String device) {
    return Request.cmd(Command.HGETALL).arg(keys.of(device, "units"));
  }

  private static Map<String, String> strings(Response hash) {
    Map<String, String> strings = new HashMap<>();
    hash.getKeys().forEach(name -> strings.put(name, hash.get(name).toString()));
    return strings;
  }

  @Override
  public Future<Map<String, Map<String, String>>> units(Collection<String> devices) {
    List<String> ids = List.copyOf(devices);
    return link.sendAll(ids.stream().map(this::unitsOf).toList())
        .map(found -> byDevice(ids, found, RedisDescriptionStore::strings));
  }

  @Override
  public Future<Map<String, Map<String, String>>> describedUnits(Collection<String> devices) {
    List<String> ids = List.copyOf(devices);
    return link.sendAll(ids.stream().map(this::newest).toList())
        .compose(found -> workers.run(() -> byDevice(ids, found, RedisDescriptionStore::unitsOf)));
  }

  private static Map<String, Map<String, String>> byDevice(
      List<String> devices,
      List<@Nullable Response> found,
      Function<Response, Map<String, String>> units) {
    Map<String, Map<String, String>> byDevice = new HashMap<>();
    for (int i = 0; i < devices.size(); i++) {
      Response stored = found.get(i);
      Map<String, String> own = stored == null ? Map.of() : units.apply(stored);
      if (!own.isEmpty()) {
        byDevice.put(devices.get(i), own);
      }
    }
    return byDevice;
  }

  private static Map<String, String> unitsOf(Response newest) {
    JsonObject document = Json.stored("A description", parse(newest).document());
    Map<String, String> units = new HashMap<>();
    if (document.member("metrics") instanceof JsonObject metrics) {
      metrics
          .members()
          .forEach(
              (metric, described) -> {
                if (described instanceof JsonObject object
                    && object.member("unit") instanceof Scalar unit) {
                  units.put(metric, unit.string());
                }
              });
    }
    return units;
  }

  @Override
  public Future<Void> putUnits(String device, Map<String, String> units) {
    if (units.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Object> arguments = new ArrayList<>();
    units.forEach(
        (metric, unit) -> {
          arguments.add(metric);
          arguments.add(unit);
        });
    List<String> names = List.of(keys.of(device, "device"), keys.of(device, "units"));
    return link.run(PUT_UNITS, names, arguments.toArray()).mapEmpty();
  }

  @Override
  public Future<Boolean> isEmpty() {
    return link.sendAll(
            keys.inAll("described").map(name -> Request.cmd(Command.GET).arg(name)).toList())
        .map(counts -> counts.stream().allMatch(count -> count == null || count.toLong() == 0));
  }
}
