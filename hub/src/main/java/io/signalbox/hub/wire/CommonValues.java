package io.signalbox.hub.wire;

import io.signalbox.hub.model.Value;

/** Shared instances of immutable values. */
final class CommonValues {
  static final Value.Flag TRUE = new Value.Flag(true);
  static final Value.Flag FALSE = new Value.Flag(false);

  private CommonValues() {}
}
