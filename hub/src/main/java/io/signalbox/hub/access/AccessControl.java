package io.signalbox.hub.access;

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
 * Who may do what.
 *
 * <p>Threading: any thread, once {@link #bootstrap} has succeeded.
 */
public final class AccessControl {
  private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
  private static final int REMEMBERED_KEYS = 1_024;
  private static final int NAME_CHARACTERS = 128;
  private static final int OWN_KEY_CHARACTERS = 24;
  private static final long USE_NOTED_EVERY_MILLIS = Duration.ofMinutes(1).toMillis();

  /**
   * The id of the key that the hub is started with, so that a new one takes the old one's place.
   */
  private static final String STARTED_WITH = "admin";

  private final AccessStore store;
  private final HubClock clock;
  private final LookupCache<KeyHash, ApiKey> byHash = new LookupCache<>(REMEMBERED_KEYS);
  private final LookupCache<String, ApiKey> byId = new LookupCache<>(REMEMBERED_KEYS);
  private final Map<String, Long> usesNoted = new ConcurrentHashMap<>();
  private volatile @Nullable SessionTokenSigner tokens;

  /**
   * Access by the keys in that store.
   *
   * @param clock both clocks of the hub
   */
  public AccessControl(AccessStore store, HubClock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * To be called once, before anything else: sees to it that somebody can administer the hub.
   *
   * @param adminKey at least 24 characters, takes the place of the one given at an earlier start;
   *     null to make one, unless there is one with the scope {@code ADMIN}
   */
  public Future<AdminBootstrap> bootstrap(@Nullable String adminKey) {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return store
        .secret(secret)
        .onSuccess(kept -> tokens = new SessionTokenSigner(kept, clock))
        .compose(kept -> adminKey == null ? made() : given(adminKey));
  }

  /** Whose key it is. {@code UNAUTHENTICATED}. */
  public Future<Principal> authenticate(String apiKey) {
    return byHash
        .get(KeyHash.of(apiKey), this::ownerOf)
        .onSuccess(this::noteUse)
        .map(ApiKey::principal);
  }

  /**
   * Makes a key. {@code INVALID} with the field.
   *
   * @param by name of who wants it
   */
  public Future<IssuedApiKey> createKey(String name, Set<Scope> scopes, String by) {
    Refusal wrong = faultOf(name, scopes);
    if (wrong != null) {
      return Future.failedFuture(wrong);
    }
    String key = KeyGenerator.ofProgram();
    ApiKey entry = entry(KeyGenerator.random(9), name, scopes, by);
    return store.put(entry, KeyHash.of(key)).map(new IssuedApiKey(entry, key));
  }

  /** All keys, oldest first. */
  public Future<List<ApiKey>> keys() {
    return store.all();
  }

  /**
   * Removes a key, which ends the sessions that were opened with it. {@code NOT_FOUND}; {@code
   * CONFLICT} if nobody could administer the hub without it.
   *
   * @param by name of who wants it
   */
  public Future<Void> deleteKey(String id, String by) {
    return store.delete(id).onSuccess(gone -> deleted(id, by));
  }

  /**
   * A session of 12 hours for somebody who has been authenticated: of elapsed time within this run
   * of the hub, by the wall clock after a restart.
   */
  public LoginSession openSession(Principal principal) {
    return tokens().sign(principal.keyId());
  }

  /** Whose session it is. {@code UNAUTHENTICATED} if forged, expired, or its key is gone. */
  public Future<Principal> session(String token) {
    try {
      String keyId = tokens().keyIdOf(token);
      return byId.get(keyId, this::keyOf).onSuccess(this::noteUse).map(ApiKey::principal);
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  /**
   * The name of the cookie with which a browser shows its session. It comes from the secret that
   * signs sessions: all nodes of a system have the same one, and another system on the same host,
   * whatever its port, has another.
   */
  public String cookieName() {
    return tokens().cookieName();
  }

  /**
   * When a session ends, in Unix milliseconds as the wall clock goes now; for a token that {@link
   * #session} has taken.
   */
  public long expiry(String token) {
    return tokens().expiryOf(token);
  }

  private Future<AdminBootstrap> given(String key) {
    if (key.length() < OWN_KEY_CHARACTERS) {
      return Future.failedFuture(
          invalid("SIGNALBOX_ADMIN_KEY", "must have at least 24 characters"));
    }
    KeyHash hash = KeyHash.of(key);
    return store.findByHash(hash).compose(found -> given(hash, found));
  }

  private Future<AdminBootstrap> given(KeyHash hash, Optional<ApiKey> found) {
    ApiKey entry = entry(STARTED_WITH, "admin", EnumSet.of(Scope.ADMIN), "hub");
    return found.filter(key -> key.scopes().contains(Scope.ADMIN)).isPresent()
        ? Future.succeededFuture(new AdminBootstrap.Configured())
        : store.put(entry, hash).map(new AdminBootstrap.Configured());
  }

  private Future<AdminBootstrap> made() {
    return store.all().compose(keys -> hasAdmin(keys) ? present() : first());
  }

  private static Future<AdminBootstrap> present() {
    return Future.succeededFuture(new AdminBootstrap.Existing());
  }

  private Future<AdminBootstrap> first() {
    return createKey("admin", EnumSet.of(Scope.ADMIN), "hub")
        .map(made -> new AdminBootstrap.Generated(made.key()));
  }

  private static boolean hasAdmin(List<ApiKey> keys) {
    return keys.stream().anyMatch(key -> key.scopes().contains(Scope.ADMIN));
  }

  private Future<ApiKey> ownerOf(KeyHash hash) {
    return store.findByHash(hash).map(found -> found.orElseThrow(AccessControl::unknown));
  }

  private Future<ApiKey> keyOf(String id) {
    return store.find(id).map(found -> found.orElseThrow(AccessControl::unknown));
  }

  private void deleted(String id, String by) {
    byHash.forget(key -> key.id().equals(id));
    byId.forget(key -> key.id().equals(id));
    usesNoted.remove(id);
    LOG.info("API key {} was deleted by {}", id, by);
  }

  /** At most once a minute for each key, so that reading costs no writes. */
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
      throw new IllegalStateException("access was not started");
    }
    return ready;
  }

  private static @Nullable Refusal faultOf(String name, Set<Scope> scopes) {
    if (name.isBlank() || name.codePointCount(0, name.length()) > NAME_CHARACTERS) {
      return invalid("name", "must have 1 to 128 characters");
    }
    return scopes.isEmpty() ? invalid("scopes", "must name at least one scope") : null;
  }

  private static Refusal invalid(String field, String rule) {
    return new Refusal(Refusal.ErrorCode.INVALID, field, field + " " + rule);
  }

  private static Refusal unknown() {
    return new Refusal(Refusal.ErrorCode.UNAUTHENTICATED, "the key is wrong");
  }
}
