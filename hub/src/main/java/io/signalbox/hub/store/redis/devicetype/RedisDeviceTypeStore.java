package io.signalbox.hub.store.redis.devicetype;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.devicetype.DeviceTypeStore;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.Paging;
import io.signalbox.hub.store.redis.CommitCallback;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Redis implementation of {@link DeviceTypeStore}. A hash has the number of each type's last
 * version, also of deleted ones; a hash has the versions, by {@code NUMBER:NAME}; sorted sets have
 * the names of the defined types in alphabetical order and those of the deleted ones in the order
 * of their deletion.
 *
 * <p>Threading: any thread; futures complete, and changes are applied, on the link's event loop.
 */
public final class RedisDeviceTypeStore implements DeviceTypeStore {
  private static final RedisScript FIND = script("find");
  private static final RedisScript PUT = script("put");
  private static final RedisScript LIST = script("list");
  private static final RedisScript VERSIONS = script("versions");

  /** An attempt fails only because another change has succeeded. */
  private static final int MAX_ATTEMPTS = 500;

  private final RedisLink link;
  private final EventStreams streams;
  private final String types;
  private final String names;
  private final String versions;
  private final String deleted;

  /** The store of the system with these keys in Redis. */
  public RedisDeviceTypeStore(RedisLink link, RedisKeys keys, EventStreams streams) {
    this.link = link;
    this.streams = streams;
    types = keys.global("types");
    names = keys.global("type-names");
    versions = keys.global("type-versions");
    deleted = keys.global("type-deletions");
  }

  @Override
  public Future<Optional<StoredType>> find(String name) {
    return last(name).map(last -> last.filter(RedisDeviceTypeStore::isDefined));
  }

  @Override
  public Future<Revision> revise(
      String name, Change change, String by, long at, Consumer<Revision> committed) {
    return retried(
        name,
        last -> {
          StoredType present = last.filter(RedisDeviceTypeStore::isDefined).orElse(null);
          String document = change.appliedTo(present);
          StoredType after = new StoredType(name, next(last), at, by, document);
          Future<Revision> revision =
              present != null && document.equals(present.document())
                  ? Future.succeededFuture(new Revision(present, present))
                  : put(after, present == null ? Event.Change.CREATED : Event.Change.UPDATED)
                      .map(stored -> new Revision(present, after));
          return revision.map(revised -> CommitCallback.call(committed, revised));
        });
  }

  @Override
  public Future<Void> delete(
      String name, Precondition precondition, String by, long at, Consumer<StoredType> committed) {
    return retried(
            name,
            last -> {
              long version =
                  last.filter(RedisDeviceTypeStore::isDefined)
                      .orElseThrow(() -> DeviceTypes.unknown(name))
                      .version();
              precondition.check("type " + name, version, () -> Long.toString(version));
              StoredType deletion = new StoredType(name, version + 1, at, by, null);
              return put(deletion, Event.Change.DELETED)
                  .map(stored -> CommitCallback.call(committed, deletion));
            })
        .mapEmpty();
  }

  @Override
  public Future<Page<StoredType>> list(@Nullable String cursor, int limit) {
    String from = cursor == null ? "-" : "(" + cursor;
    return link.run(LIST, List.of(types, names, versions), from, limit + 1)
        .map(found -> page(found, limit, StoredType::name));
  }

  @Override
  public Future<Page<StoredType>> versions(String name, @Nullable String cursor, int limit) {
    return Future.succeededFuture(cursor)
        .map(after -> Paging.after(after, Long.MAX_VALUE))
        .compose(
            before ->
                link.run(
                    VERSIONS, List.of(types, versions), name, before, limit + 1, KEPT_VERSIONS))
        .map(found -> versions(name, found, limit));
  }

  private static Page<StoredType> versions(String name, Response found, int limit) {
    if (found.get(0).toLong() == 0) {
      throw DeviceTypes.unknown(name);
    }
    return page(found, limit, type -> Paging.cursor(type.version()));
  }

  private static Page<StoredType> page(
      Response found, int limit, Function<StoredType, String> cursor) {
    List<StoredType> page =
        IntStream.range(1, found.size())
            .mapToObj(i -> TypeVersionText.read(found.get(i).toString()))
            .toList();
    return Paging.page(page, limit, Function.identity(), cursor, found.get(0).toLong());
  }

  private <T> Future<T> retried(String name, Function<Optional<StoredType>, Future<T>> attempt) {
    return OptimisticRetry.run(
        MAX_ATTEMPTS,
        () -> last(name).compose(attempt),
        () -> new Refusal(ErrorCode.UNAVAILABLE, "type " + name + " changes all the time"));
  }

  /** The last version of a type, which may be its deletion. */
  private Future<Optional<StoredType>> last(String name) {
    return link.run(FIND, List.of(types, versions), name)
        .map(Response::toString)
        .map(
            text ->
                text.isEmpty()
                    ? Optional.<StoredType>empty()
                    : Optional.of(TypeVersionText.read(text)));
  }

  /** Stores a version, if the last one is still the one before it. */
  private Future<String> put(StoredType type, Event.Change change) {
    Event event = new Event.DeviceTypeChanged(type.name(), change, type.version());
    return link.run(
            PUT,
            List.of(types, names, versions, deleted, streams.global()),
            type.name(),
            type.version(),
            TypeVersionText.of(type),
            isDefined(type) ? 1 : 0,
            MAX_TYPES,
            KEPT_VERSIONS,
            KEPT_DELETED,
            streams.maxEntries(),
            streams.node(),
            streams.encode(List.of(event)))
        .map(outcome -> stored(outcome.toString()));
  }

  private static String stored(String outcome) {
    return switch (outcome) {
      case "stored" -> outcome;
      case "stale" -> throw new StaleReadException();
      case "full" -> throw DeviceTypeStore.full();
      default -> throw new IllegalStateException("unexpected outcome " + outcome);
    };
  }

  private static long next(Optional<StoredType> last) {
    return last.map(StoredType::version).orElse(0L) + 1;
  }

  private static boolean isDefined(StoredType type) {
    return type.document() != null;
  }

  private static RedisScript script(String name) {
    return RedisScript.of(RedisDeviceTypeStore.class, name + ".lua");
  }
}
