package io.signalbox.hub.admission;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.clock.MonotonicClock;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.http.SameOrigin;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
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
public final class Credentials {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Access access;
  private final Throttle throttle;

  /** Credentials that are known to that room; wrong keys are limited by the clock. */
  public Credentials(Access access, MonotonicClock clock) {
    this.access = access;
    this.throttle = new Throttle(clock);
  }

  /** Lets the caller in, or refuses: 401, 403, 429. */
  public Future<Principal> admit(HttpServerRequest request, Audience audience) {
    return admit(request, proof(request), audience);
  }

  /** The same by what it has shown. */
  public Future<Principal> admit(HttpServerRequest request, Proof proof, Audience audience) {
    Future<Principal> shown =
        switch (proof) {
          case Proof.Key key -> byKey(request, key.key());
          case Proof.Session session -> look(session);
        };
    return shown.map(audience::check);
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
    return failure instanceof Refusal refusal && refusal.kind() == Kind.UNAUTHENTICATED
        ? throttle.refuse(RequestSource.of(request).host(), key, refusal)
        : failure;
  }

  /** Whose it is now, for somebody who was let in with it before. {@code UNAUTHENTICATED}. */
  public Future<Principal> look(Proof proof) {
    return switch (proof) {
      case Proof.Key key -> access.authenticate(key.key());
      case Proof.Session session -> access.session(session.token());
    };
  }

  /** What the caller shows; refused if it is nothing, or a cookie from where it does not count. */
  public Proof proof(HttpServerRequest request) {
    String key = AuthorizationHeader.key(request);
    if (key != null) {
      return new Proof.Key(key);
    }
    Proof session = session(request);
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
  public Proof ofHandshake(HttpServerRequest request) {
    Proof session = session(request);
    SameOrigin.require(request, false, "the cookie counts on the hub's own pages only");
    return session;
  }

  private Proof session(HttpServerRequest request) {
    Cookie cookie = request.getCookie(access.cookieName());
    if (cookie == null) {
      throw new Refusal(
          Kind.UNAUTHENTICATED, "no key: send Authorization: Bearer <API key>, or sign in");
    }
    return new Proof.Session(cookie.getValue());
  }
}
