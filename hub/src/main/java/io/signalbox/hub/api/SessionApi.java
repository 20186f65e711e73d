package io.signalbox.hub.api;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.SignedSession;
import io.signalbox.hub.admission.Credentials;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.http.SameOrigin;
import io.signalbox.hub.wire.JsonPart;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import org.jspecify.annotations.Nullable;

/** Signing in and out: a key is exchanged for a cookie that scripts cannot read. */
final class SessionApi {
  private static final long LIFETIME_SECONDS = 12 * 3_600;

  private final Access access;
  private final Credentials credentials;
  private final boolean secureCookie;

  SessionApi(Access access, Credentials credentials, ApiSettings settings) {
    this.access = access;
    this.credentials = credentials;
    this.secureCookie = settings.secureCookie();
  }

  Future<Answer> signIn(Call call) {
    SameOrigin.require(call.request(), true, "another site's page cannot sign anybody in");
    return call.json()
        .map(body -> Fields.of(body, "key").needText("key"))
        .compose(key -> credentials.byKey(call.request(), key))
        .map(principal -> signedIn(call, principal));
  }

  private Answer signedIn(Call call, Principal principal) {
    SignedSession session = access.openSession(principal);
    return Answer.ok(json(principal, session.expires()))
        .with("Set-Cookie", cookie(call, session.token(), LIFETIME_SECONDS));
  }

  /** Who calls; with the end of the session, if it is one. */
  Future<Answer> get(Call call) {
    Cookie cookie = call.request().getCookie(access.cookieName());
    boolean byCookie = cookie != null && call.header("Authorization") == null;
    Long expires = byCookie ? (Long) access.expiry(cookie.getValue()) : null;
    return Future.succeededFuture(Answer.ok(json(call.principal(), expires)));
  }

  private static JsonPart json(Principal principal, @Nullable Long expires) {
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

  Future<Answer> signOut(Call call) {
    return Future.succeededFuture(Answer.empty(204).with("Set-Cookie", cookie(call, "", 0)));
  }

  private String cookie(Call call, String value, long seconds) {
    boolean secure = secureCookie || "https".equals(RequestSource.of(call.request()).scheme());
    return access.cookieName()
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + seconds
        + (secure ? "; Secure" : "");
  }
}
