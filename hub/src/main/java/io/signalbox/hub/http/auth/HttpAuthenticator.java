package io.signalbox.hub.http.auth;

import io.signalbox.hub.access.AccessControl;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.clock.MonotonicClock;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.http.SameOrigin;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * Authenticates requests by an API key in {@code Authorization} or by the session cookie of a
 * signed-in user. Against cross-site requests, the cookie is accepted for changes only from the
 * hub's own pages (Sec-Fetch-Site, else Origin).
 */
public final class HttpAuthenticator {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final AccessControl access;
  private final FailedAuthLimiter limiter;

  /** Checks credentials against the access control; the clock is for the limit of wrong keys. */
  public HttpAuthenticator(AccessControl access, MonotonicClock clock) {
    this.access = access;
    this.limiter = new FailedAuthLimiter(clock);
  }

  /** The principal of the request. Fails with 401, 403 or 429. */
  public Future<Principal> admit(HttpServerRequest request, RequiredAccess requiredAccess) {
    return admit(request, proof(request), requiredAccess);
  }

  /** The same with a given credential. */
  public Future<Principal> admit(
      HttpServerRequest request, Credential credential, RequiredAccess requiredAccess) {
    Future<Principal> shown =
        switch (credential) {
          case Credential.ApiKeyCredential key -> byKey(request, key.key());
          case Credential.SessionCookie session -> verify(session);
        };
    return shown.map(requiredAccess::check);
  }

  /**
   * The principal of a key. A correct key always passes; wrong ones are counted, and fail with
   * {@code RATE_LIMITED} if there are too many.
   */
  public Future<Principal> byKey(HttpServerRequest request, String key) {
    return access
        .authenticate(key)
        .recover(failure -> Future.failedFuture(counted(request, key, failure)));
  }

  /** A failure of the store is not counted as a wrong key. */
  private Throwable counted(HttpServerRequest request, String key, Throwable failure) {
    return failure instanceof Refusal refusal && refusal.kind() == ErrorCode.UNAUTHENTICATED
        ? limiter.refuse(RequestSource.of(request).host(), key, refusal)
        : failure;
  }

  /** The current principal of a credential that was accepted before, or {@code UNAUTHENTICATED}. */
  public Future<Principal> verify(Credential credential) {
    return switch (credential) {
      case Credential.ApiKeyCredential key -> access.authenticate(key.key());
      case Credential.SessionCookie session -> access.session(session.token());
    };
  }

  /** The credential of a request. Throws if it is missing, or for a cookie from another site. */
  public Credential proof(HttpServerRequest request) {
    String key = AuthorizationHeader.key(request);
    if (key != null) {
      return new Credential.ApiKeyCredential(key);
    }
    Credential session = session(request);
    if (!SAFE.contains(request.method())) {
      SameOrigin.require(
          request, false, "the session cookie is accepted from the hub's own pages only");
    }
    return session;
  }

  /**
   * The cookie of a WebSocket handshake. Browsers let pages of any site open a WebSocket and send
   * the site's Origin; a client without one is not a browser and must use a key.
   */
  public Credential ofHandshake(HttpServerRequest request) {
    Credential session = session(request);
    SameOrigin.require(
        request, false, "the session cookie is accepted from the hub's own pages only");
    return session;
  }

  private Credential session(HttpServerRequest request) {
    Cookie cookie = request.getCookie(access.cookieName());
    if (cookie == null) {
      throw new Refusal(
          ErrorCode.UNAUTHENTICATED,
          "credentials missing; send Authorization: Bearer <API key>, or sign in");
    }
    return new Credential.SessionCookie(cookie.getValue());
  }
}
