package io.signalbox.hub.wire;

import io.signalbox.hub.model.Value;

/** Values of which one instance is enough. */
final class CommonValues {
  static final Value.Flag TRUE = new Value.Flag(true);
  static final Value.Flag FALSE = new Value.Flag(false);

  private CommonValues() {}
}
