package io.signalbox.hub.access;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.keys.KeyGenerator;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.keys.LookupCache;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authentication by API key and by session, and the management of keys.
 *
 * <p>Threading: any thread, once {@link #bootstrap} has succeeded.
 */
public final class AccessControl {
  private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
  private static final int REMEMBERED_KEYS = 1_024;
  private static final int NAME_CHARACTERS = 128;
  private static final int OWN_KEY_CHARACTERS = 24;
  private static final long USE_NOTED_EVERY_MILLIS = Duration.ofMinutes(1).toMillis();

  /** Id of the configured admin key, so that a new one replaces the old one. */
  private static final String CONFIGURED_KEY_ID = "admin";

  private final AccessStore store;
  private final HubClock clock;
  private final Topic<ApiKeyChanged> changes;
  private final LookupCache<KeyHash, ApiKey> byHash;
  private final LookupCache<String, ApiKey> byId;
  private final Map<String, Long> usesNoted = new ConcurrentHashMap<>();
  private volatile @Nullable SessionTokenSigner tokens;

  /**
   * Access control with the keys in this store.
   *
   * @param changes says which keys have changed, on this or another node
   */
  public AccessControl(AccessStore store, Topic<ApiKeyChanged> changes, HubClock clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
    byHash = new LookupCache<>(REMEMBERED_KEYS, clock);
    byId = new LookupCache<>(REMEMBERED_KEYS, clock);
    changes.listen(change -> forget(change.id()));
  }

  /**
   * Ensures that there is a key to administer the hub. Must be called once, before any other
   * method.
   *
   * @param adminKey at least 24 characters; replaces the key configured at an earlier start. Null
   *     generates a key, unless one with scope {@code ADMIN} exists
   */
  public Future<AdminBootstrap> bootstrap(@Nullable String adminKey) {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return store
        .secret(secret)
        .map(kept -> tokens = new SessionTokenSigner(kept, clock))
        .compose(ready -> adminKey == null ? ensureAdminKey() : useConfigured(adminKey));
  }

  /** The owner of an API key. {@code UNAUTHENTICATED} if there is none. */
  public Future<Principal> authenticate(String apiKey) {
    return byHash
        .get(KeyHash.of(apiKey), this::ownerOf)
        .onSuccess(this::noteUse)
        .map(ApiKey::principal);
  }

  /**
   * Creates a key. {@code INVALID} with the field.
   *
   * @param by name of the principal that creates it
   */
  public Future<IssuedApiKey> createKey(String name, Set<Scope> scopes, String by) {
    Refusal wrong = validate(name, scopes);
    if (wrong != null) {
      return Future.failedFuture(wrong);
    }
    String key = KeyGenerator.ofProgram();
    ApiKey entry = entry(KeyGenerator.random(9), name, scopes, by);
    return put(entry, KeyHash.of(key)).map(new IssuedApiKey(entry, key));
  }

  /** All keys, oldest first. */
  public Future<List<ApiKey>> keys() {
    return store.all();
  }

  /**
   * Deletes a key and ends the sessions opened with it. {@code NOT_FOUND}; {@code CONFLICT} if it
   * is the last key with scope {@code ADMIN}.
   *
   * @param by name of the principal that deletes it
   */
  public Future<Void> deleteKey(String id, String by) {
    return store
        .delete(id)
        .onSuccess(gone -> LOG.info("API key deleted: {} by {}", id, by))
        .map(gone -> changed(id));
  }

  /**
   * Opens a session of 12 hours for an authenticated principal: by elapsed time within this run of
   * the hub, by the wall clock after a restart.
   */
  public LoginSession openSession(Principal principal) {
    return tokens().sign(principal.keyId());
  }

  /**
   * The principal of a session. {@code UNAUTHENTICATED} if the token is forged or expired, or if
   * its key was deleted.
   */
  public Future<Principal> session(String token) {
    try {
      String keyId = tokens().keyIdOf(token);
      return byId.get(keyId, this::keyOf).onSuccess(this::noteUse).map(ApiKey::principal);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  /**
   * The name of the session cookie. It is derived from the secret that signs sessions: all nodes of
   * a system share it, and another system on the same host, on any port, has another name.
   */
  public String cookieName() {
    return tokens().cookieName();
  }

  /**
   * The end of a session in Unix milliseconds, by the present wall clock; for a token that {@link
   * #session} has accepted.
   */
  public long expiry(String token) {
    return tokens().expiryOf(token);
  }

  private Future<AdminBootstrap> useConfigured(String key) {
    if (key.length() < OWN_KEY_CHARACTERS) {
      return Future.failedFuture(
          invalid(
              "SIGNALBOX_ADMIN_KEY",
              "is too short; expected at least 24 characters, got " + key.length()));
    }
    KeyHash hash = KeyHash.of(key);
    return store.findByHash(hash).compose(found -> useConfigured(hash, found));
  }

  private Future<AdminBootstrap> useConfigured(KeyHash hash, Optional<ApiKey> found) {
    ApiKey entry = entry(CONFIGURED_KEY_ID, "admin", EnumSet.of(Scope.ADMIN), "hub");
    return found.filter(ApiKey::isAdmin).isPresent()
        ? Future.succeededFuture(new AdminBootstrap.Configured())
        : put(entry, hash).map(new AdminBootstrap.Configured());
  }

  private Future<AdminBootstrap> ensureAdminKey() {
    return store
        .all()
        .compose(
            keys ->
                keys.stream().anyMatch(ApiKey::isAdmin)
                    ? Future.succeededFuture(new AdminBootstrap.Existing())
                    : generate());
  }

  private Future<AdminBootstrap> generate() {
    String key = KeyGenerator.ofProgram();
    ApiKey entry = entry(KeyGenerator.random(9), "admin", EnumSet.of(Scope.ADMIN), "hub");
    return store.putFirst(entry, KeyHash.of(key)).map(added -> added ? shown(entry, key) : lost());
  }

  private AdminBootstrap shown(ApiKey entry, String key) {
    changed(entry.id());
    return new AdminBootstrap.Generated(key);
  }

  private static AdminBootstrap lost() {
    LOG.info(
        "Another node has started at the same moment; it has created the admin key, and shows it");
    return new AdminBootstrap.Existing();
  }

  /** Forgets what it remembers, because events of other nodes may have been lost. */
  public void refresh() {
    byHash.clear();
    byId.clear();
  }

  private Future<ApiKey> ownerOf(KeyHash hash) {
    return store.findByHash(hash).map(found -> found.orElseThrow(AccessControl::unknown));
  }

  private Future<ApiKey> keyOf(String id) {
    return store.find(id).map(found -> found.orElseThrow(AccessControl::unknown));
  }

  /** A key may replace one with the same id, which no longer holds then. */
  private Future<Void> put(ApiKey key, KeyHash hash) {
    return store.put(key, hash).map(stored -> changed(key.id()));
  }

  /** In the chain of the change: a caller that knows of it finds nothing cached. */
  private @Nullable Void changed(String id) {
    changes.publish(new ApiKeyChanged(id));
    return null;
  }

  private void forget(String id) {
    byHash.forget(key -> key.id().equals(id));
    byId.forget(key -> key.id().equals(id));
    usesNoted.remove(id);
  }

  /** At most once per minute and key, so that reads cost no writes. */
  private void noteUse(ApiKey key) {
    long now = clock.monotonicMillis();
    Long noted = usesNoted.get(key.id());
    if (noted == null || now - noted >= USE_NOTED_EVERY_MILLIS) {
      usesNoted.put(key.id(), now);
      store.used(key.id(), clock.wallMillis()).onFailure(failed -> usesNoted.remove(key.id(), now));
    }
  }

  private ApiKey entry(String id, String name, Set<Scope> scopes, String by) {
    return new ApiKey(id, name, Set.copyOf(scopes), clock.wallMillis(), by, null);
  }

  private SessionTokenSigner tokens() {
    SessionTokenSigner ready = tokens;
    if (ready == null) {
      throw new IllegalStateException("access control is not started");
    }
    return ready;
  }

  private static @Nullable Refusal validate(String name, Set<Scope> scopes) {
    if (name.isBlank() || name.codePointCount(0, name.length()) > NAME_CHARACTERS) {
      return invalid("name", "is invalid; expected 1 to 128 characters");
    }
    return scopes.isEmpty() ? invalid("scopes", "is empty; expected at least one scope") : null;
  }

  private static Refusal invalid(String field, String rule) {
    return new Refusal(Refusal.ErrorCode.INVALID, field, field + " " + rule);
  }

  private static Refusal unknown() {
    return new Refusal(Refusal.ErrorCode.UNAUTHENTICATED, "unknown API key");
  }
}
