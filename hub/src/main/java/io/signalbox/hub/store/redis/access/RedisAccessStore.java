package io.signalbox.hub.store.redis.access;

import io.signalbox.hub.access.AccessStore;
import io.signalbox.hub.access.ApiKey;
import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Redis implementation of {@link AccessStore}. Hashes by id have the entries (JSON, with the key's
 * hash) and when keys were last used; a hash by key hash has the ids; a set has the ids of the keys
 * with scope {@code ADMIN}. A change is announced on the stream of what belongs to no device.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
public final class RedisAccessStore implements AccessStore {
  private static final RedisScript PUT = script("put");
  private static final RedisScript DELETE = script("delete");
  private static final RedisScript FIND_BY_HASH = script("find_by_hash");
  private static final RedisScript USED = script("used");

  private final RedisLink link;
  private final EventStreams streams;
  private final String entries;
  private final String hashes;
  private final String uses;
  private final String admins;
  private final String secret;

  /** The store of the system with these keys in Redis. */
  public RedisAccessStore(RedisLink link, RedisKeys keys, EventStreams streams) {
    this.link = link;
    this.streams = streams;
    entries = keys.global("api-keys");
    hashes = keys.global("api-key-hashes");
    uses = keys.global("api-key-uses");
    admins = keys.global("api-key-admins");
    secret = keys.global("secret");
  }

  @Override
  public Future<Void> put(ApiKey key, KeyHash hash) {
    return put(key, hash, false).mapEmpty();
  }

  @Override
  public Future<Boolean> putFirst(ApiKey key, KeyHash hash) {
    return put(key, hash, true);
  }

  private Future<Boolean> put(ApiKey key, KeyHash hash, boolean isFirst) {
    Long lastUsed = key.lastUsed();
    return link.run(
            PUT,
            changed(),
            key.id(),
            hex(hash),
            json(key, hash),
            lastUsed == null ? "" : lastUsed,
            key.isAdmin() ? 1 : 0,
            isFirst ? 1 : 0,
            streams.maxEntries(),
            streams.node(),
            streams.encode(new ApiKeyChanged(key.id())))
        .map(outcome -> isStored(outcome.toString()));
  }

  private static boolean isStored(String outcome) {
    return switch (outcome) {
      case "stored" -> true;
      case "exists" -> false;
      case "duplicate" -> throw AccessStore.duplicate();
      default -> throw unexpected(outcome);
    };
  }

  @Override
  public Future<Optional<ApiKey>> findByHash(KeyHash hash) {
    return link.run(FIND_BY_HASH, List.of(entries, hashes, uses), hex(hash))
        .map(
            found ->
                found.size() == 0
                    ? Optional.empty()
                    : Optional.of(key(found.get(0).toString(), found.get(1), found.get(2))));
  }

  @Override
  public Future<Optional<ApiKey>> find(String id) {
    return link.sendAll(
            List.of(
                Request.cmd(Command.HGET).arg(entries).arg(id),
                Request.cmd(Command.HGET).arg(uses).arg(id)))
        .map(found -> Optional.ofNullable(found.get(0)).map(entry -> key(id, entry, found.get(1))));
  }

  @Override
  public Future<List<ApiKey>> all() {
    return link.sendAll(
            List.of(
                Request.cmd(Command.HGETALL).arg(entries), Request.cmd(Command.HGETALL).arg(uses)))
        .map(found -> all(found.get(0), found.get(1)));
  }

  private static List<ApiKey> all(Response entries, Response uses) {
    return entries.getKeys().stream()
        .map(id -> key(id, entries.get(id), uses.get(id)))
        .sorted(Comparator.comparingLong(ApiKey::created).thenComparing(ApiKey::id))
        .toList();
  }

  @Override
  public Future<Void> delete(String id) {
    return link.run(
            DELETE,
            changed(),
            id,
            streams.maxEntries(),
            streams.node(),
            streams.encode(new ApiKeyChanged(id)))
        .map(outcome -> deleted(id, outcome.toString()));
  }

  private static @Nullable Void deleted(String id, String outcome) {
    return switch (outcome) {
      case "deleted" -> null;
      case "unknown" -> throw AccessStore.unknown(id);
      case "last" -> throw AccessStore.lastAdmin();
      default -> throw unexpected(outcome);
    };
  }

  @Override
  public Future<Void> used(String id, long at) {
    return link.run(USED, List.of(entries, uses), id, at).mapEmpty();
  }

  @Override
  public Future<byte[]> secret(byte[] ifNone) {
    return link.send(Request.cmd(Command.SET).arg(secret).arg(ifNone).arg("NX").arg("GET"))
        .map(kept -> kept == null ? ifNone : kept.toBytes());
  }

  /** The keys in Redis of a change. */
  private List<String> changed() {
    return List.of(entries, hashes, uses, admins, streams.global());
  }

  private static String json(ApiKey key, KeyHash hash) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("n", key.name());
    fields.put("s", Scope.stored(key.scopes()));
    fields.put("c", Long.toString(key.created()));
    fields.put("b", key.createdBy());
    fields.put("h", hex(hash));
    return Json.of(fields).toString();
  }

  private static ApiKey key(String id, Response entry, @Nullable Response used) {
    Map<String, String> fields = Json.storedStrings("API key " + id, entry.toString());
    return new ApiKey(
        id,
        fields.getOrDefault("n", ""),
        Scope.ofStored(fields.getOrDefault("s", "")),
        Long.parseLong(fields.getOrDefault("c", "0")),
        fields.getOrDefault("b", ""),
        used == null || used.toString().isEmpty() ? null : used.toLong());
  }

  private static String hex(KeyHash hash) {
    return HexFormat.of().formatHex(hash.bytes());
  }

  private static RedisScript script(String name) {
    return RedisScript.of(RedisAccessStore.class, name + ".lua");
  }

  private static IllegalStateException unexpected(String outcome) {
    return new IllegalStateException("unexpected outcome " + outcome);
  }
}
