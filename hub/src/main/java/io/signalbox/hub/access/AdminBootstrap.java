package io.signalbox.hub.access;

/** How a hub that starts can be administered. */
public sealed interface AdminBootstrap {
  /** By the key that it was started with. */
  record Configured() implements AdminBootstrap {}

  /** By this key, which has just been made and is to be shown this once. */
  record Generated(String key) implements AdminBootstrap {}

  /** By a key that it has had before. */
  record Existing() implements AdminBootstrap {}
}
