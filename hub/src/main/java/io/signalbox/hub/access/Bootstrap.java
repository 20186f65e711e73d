package io.signalbox.hub.access;

/** How a hub that starts can be administered. */
public sealed interface Bootstrap {
  /** By the key that it was started with. */
  record Given() implements Bootstrap {}

  /** By this key, which has just been made and is to be shown this once. */
  record Made(String key) implements Bootstrap {}

  /** By a key that it has had before. */
  record Present() implements Bootstrap {}
}
