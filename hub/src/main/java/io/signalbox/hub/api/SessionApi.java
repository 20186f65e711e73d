package io.signalbox.hub.api;

import io.signalbox.hub.access.AccessControl;
import io.signalbox.hub.access.LoginSession;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.SameOrigin;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import org.jspecify.annotations.Nullable;

/** REST endpoints that sign in and out: a key is exchanged for an HttpOnly cookie. */
final class SessionApi {
  private static final long LIFETIME_SECONDS = 12 * 3_600;

  private final AccessControl access;
  private final HttpAuthenticator authenticator;
  private final boolean secureCookie;

  SessionApi(AccessControl access, HttpAuthenticator authenticator, ApiSettings settings) {
    this.access = access;
    this.authenticator = authenticator;
    this.secureCookie = settings.secureCookie();
  }

  Future<Response> signIn(ApiRequest call) {
    SameOrigin.require(call.request(), true, "sign-in is accepted from the hub's own pages only");
    return call.json()
        .map(body -> JsonFields.of(body, "key").requireText("key"))
        .compose(key -> authenticator.byKey(call.request(), key))
        .map(principal -> signedIn(call, principal));
  }

  private Response signedIn(ApiRequest call, Principal principal) {
    LoginSession session = access.openSession(principal);
    return Response.ok(json(principal, session.expires()))
        .with("Set-Cookie", cookie(call, session.token(), LIFETIME_SECONDS));
  }

  /** The caller; for a session also when it expires. */
  Future<Response> get(ApiRequest call) {
    Cookie cookie = call.request().getCookie(access.cookieName());
    boolean byCookie = cookie != null && call.header("Authorization") == null;
    Long expires = byCookie ? (Long) access.expiry(cookie.getValue()) : null;
    return Future.succeededFuture(Response.ok(json(call.principal(), expires)));
  }

  private static JsonWritable json(Principal principal, @Nullable Long expires) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("name", principal.name());
      out.writeStringField("keyId", principal.keyId());
      out.writeFieldName("scopes");
      KeysApi.scopes(principal.scopes()).write(out);
      if (expires != null) {
        out.writeNumberField("expires", expires);
      }
      out.writeEndObject();
    };
  }

  Future<Response> signOut(ApiRequest call) {
    return Future.succeededFuture(Response.empty(204).with("Set-Cookie", cookie(call, "", 0)));
  }

  private String cookie(ApiRequest call, String value, long seconds) {
    boolean secure = secureCookie || "https".equals(RequestSource.of(call.request()).scheme());
    return access.cookieName()
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + seconds
        + (secure ? "; Secure" : "");
  }
}
