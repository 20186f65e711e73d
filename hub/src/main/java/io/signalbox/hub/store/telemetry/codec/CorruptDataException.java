package io.signalbox.hub.store.telemetry.codec;

/** Stored bytes are damaged. The message describes the damage, as part of a sentence. */
public final class CorruptDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception with a description of the damage. */
  public CorruptDataException(String how) {
    super(how);
  }
}
