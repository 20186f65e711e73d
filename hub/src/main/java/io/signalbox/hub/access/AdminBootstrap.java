package io.signalbox.hub.access;

/** How a started hub can be administered. */
public sealed interface AdminBootstrap {
  /** With the configured key. */
  record Configured() implements AdminBootstrap {}

  /** With this generated key, which must be shown exactly once. */
  record Generated(String key) implements AdminBootstrap {}

  /** With a key from an earlier start, or of another node. */
  record Existing() implements AdminBootstrap {}
}
