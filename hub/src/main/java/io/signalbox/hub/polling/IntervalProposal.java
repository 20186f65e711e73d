package io.signalbox.hub.polling;

/** Proposed interval, in milliseconds, with its main reason so far. */
record IntervalProposal(double millis, PollReason reason) {
  /** The interval, lengthened to save energy. */
  IntervalProposal saving(double factor) {
    return factor > 1 ? new IntervalProposal(millis * factor, PollReason.ENERGY) : this;
  }

  /** The interval, lengthened because the hub is overloaded. */
  IntervalProposal stretched(double factor) {
    return factor > 1 ? new IntervalProposal(millis * factor, PollReason.LOAD) : this;
  }

  /** The interval within the bounds; a minimum set by the device counts as saving energy. */
  IntervalProposal within(IntervalBounds bounds) {
    boolean saves = bounds.own() && millis < bounds.least();
    return new IntervalProposal(bounds.clamp(millis), saves ? PollReason.ENERGY : reason);
  }
}
