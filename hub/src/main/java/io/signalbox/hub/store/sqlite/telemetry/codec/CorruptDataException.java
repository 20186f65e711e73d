package io.signalbox.hub.store.sqlite.telemetry.codec;

/** Bytes that cannot be what was written. The message says how, as the end of a sentence. */
public final class CorruptDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Damage found, in words. */
  public CorruptDataException(String how) {
    super(how);
  }
}
