package io.signalbox.hub.store.embedded.telemetry.codec;

/** Bytes that cannot be what was written. The message says how, as the end of a sentence. */
public final class Damaged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Damage found, in words. */
  public Damaged(String how) {
    super(how);
  }
}
