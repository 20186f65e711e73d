package io.signalbox.hub.polling;

/** An interval in the making, ms, with what it follows from most so far. */
record IntervalProposal(double millis, PollReason reason) {
  /** Made longer because polls are dear. */
  IntervalProposal saving(double factor) {
    return factor > 1 ? new IntervalProposal(millis * factor, PollReason.ENERGY) : this;
  }

  /** Made longer because the hub has too much to do. */
  IntervalProposal stretched(double factor) {
    return factor > 1 ? new IntervalProposal(millis * factor, PollReason.LOAD) : this;
  }

  /** Inside the bounds; a device that asks for longer intervals than planned saves energy. */
  IntervalProposal within(IntervalBounds bounds) {
    boolean saves = bounds.own() && millis < bounds.least();
    return new IntervalProposal(bounds.clamp(millis), saves ? PollReason.ENERGY : reason);
  }
}
