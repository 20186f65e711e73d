package io.signalbox.sim.model;

/** A recording cannot be read; the message names the file and, where known, line and column. */
public final class RecordingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a one-line message for the user and no stack trace. */
  public RecordingException(String message) {
    super(message, null, false, false);
  }
}
