package io.signalbox.hub.http.auth;

/** A caller's credential: checked on arrival, and again while a connection stays open. */
public sealed interface Credential {
  /** An API key. */
  record ApiKeyCredential(String key) implements Credential {
    @Override
    public String toString() {
      return "a key";
    }
  }

  /** The cookie of a signed-in user. */
  record SessionCookie(String token) implements Credential {
    @Override
    public String toString() {
      return "a session";
    }
  }
}
