package io.signalbox.hub.admission;

/** What a caller shows: looked at when it comes in, and again while it stays. */
public sealed interface Proof {
  /** An API key. */
  record Key(String key) implements Proof {
    @Override
    public String toString() {
      return "a key";
    }
  }

  /** The cookie of a signed-in person. */
  record Session(String token) implements Proof {
    @Override
    public String toString() {
      return "a session";
    }
  }
}
