package io.signalbox.hub.http.auth;

/** What a caller shows: looked at when it comes in, and again while it stays. */
public sealed interface Credential {
  /** An API key. */
  record ApiKeyCredential(String key) implements Credential {
    @Override
    public String toString() {
      return "a key";
    }
  }

  /** The cookie of a signed-in person. */
  record SessionCookie(String token) implements Credential {
    @Override
    public String toString() {
      return "a session";
    }
  }
}
