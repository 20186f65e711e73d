package io.signalbox.hub.why;

/**
 * Answers why.
 *
 * <p>Threading: any thread.
 */
public final class Why {
  private final Chronicle chronicle;

  /** Answers from what these know. */
  public Why(Chronicle chronicle) {
    this.chronicle = chronicle;
  }

  /** What happened to the devices. */
  public Chronicle chronicle() {
    return chronicle;
  }
}
