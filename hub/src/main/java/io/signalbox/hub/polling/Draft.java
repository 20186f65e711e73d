package io.signalbox.hub.polling;

/** An interval in the making, ms, with what it follows from most so far. */
record Draft(double millis, Because because) {
  /** Made longer because polls are dear. */
  Draft saving(double factor) {
    return factor > 1 ? new Draft(millis * factor, Because.ENERGY) : this;
  }

  /** Made longer because the hub has too much to do. */
  Draft stretched(double factor) {
    return factor > 1 ? new Draft(millis * factor, Because.LOAD) : this;
  }

  /** Inside the bounds; a device that asks for longer intervals than planned saves energy. */
  Draft within(Bounds bounds) {
    boolean saves = bounds.own() && millis < bounds.least();
    return new Draft(bounds.clamp(millis), saves ? Because.ENERGY : because);
  }
}
