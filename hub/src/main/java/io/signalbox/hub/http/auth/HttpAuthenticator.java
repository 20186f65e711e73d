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
 * Who stands at the door: an API key in {@code Authorization}, or the cookie of a signed-in person.
 * The cookie alone moves nothing from another site: what changes state must come from a page of
 * this hub's own (Sec-Fetch-Site, else Origin).
 */
public final class HttpAuthenticator {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final AccessControl access;
  private final FailedAuthLimiter limiter;

  /** Credentials that are known to that room; wrong keys are limited by the clock. */
  public HttpAuthenticator(AccessControl access, MonotonicClock clock) {
    this.access = access;
    this.limiter = new FailedAuthLimiter(clock);
  }

  /** Lets the caller in, or refuses: 401, 403, 429. */
  public Future<Principal> admit(HttpServerRequest request, RequiredAccess requiredAccess) {
    return admit(request, proof(request), requiredAccess);
  }

  /** The same by what it has shown. */
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
   * The principal of a key. A right one is let in always; wrong ones are counted, and answered
   * {@code TOO_FAST} when they are many.
   */
  public Future<Principal> byKey(HttpServerRequest request, String key) {
    return access
        .authenticate(key)
        .recover(failure -> Future.failedFuture(counted(request, key, failure)));
  }

  /** A store that cannot answer says nothing about the key. */
  private Throwable counted(HttpServerRequest request, String key, Throwable failure) {
    return failure instanceof Refusal refusal && refusal.kind() == ErrorCode.UNAUTHENTICATED
        ? limiter.refuse(RequestSource.of(request).host(), key, refusal)
        : failure;
  }

  /** Whose it is now, for somebody who was let in with it before. {@code UNAUTHENTICATED}. */
  public Future<Principal> verify(Credential credential) {
    return switch (credential) {
      case Credential.ApiKeyCredential key -> access.authenticate(key.key());
      case Credential.SessionCookie session -> access.session(session.token());
    };
  }

  /** What the caller shows; refused if it is nothing, or a cookie from where it does not count. */
  public Credential proof(HttpServerRequest request) {
    String key = AuthorizationHeader.key(request);
    if (key != null) {
      return new Credential.ApiKeyCredential(key);
    }
    Credential session = session(request);
    if (!SAFE.contains(request.method())) {
      SameOrigin.require(
          request, false, "a session may change things from the hub's own pages only");
    }
    return session;
  }

  /**
   * The cookie of a handshake. Browsers let pages of any site open a WebSocket, and name the site;
   * who names none is no browser, and has no business with a cookie.
   */
  public Credential ofHandshake(HttpServerRequest request) {
    Credential session = session(request);
    SameOrigin.require(request, false, "the cookie counts on the hub's own pages only");
    return session;
  }

  private Credential session(HttpServerRequest request) {
    Cookie cookie = request.getCookie(access.cookieName());
    if (cookie == null) {
      throw new Refusal(
          ErrorCode.UNAUTHENTICATED, "no key: send Authorization: Bearer <API key>, or sign in");
    }
    return new Credential.SessionCookie(cookie.getValue());
  }
}
