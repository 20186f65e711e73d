package io.signalbox.sim.model;

/** A recording cannot be read; the message names the file and, where known, line and column. */
public final class RecordingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A fault, told in one line. It is an answer to the user, so it carries no stack trace. */
  public RecordingException(String message) {
    super(message, null, false, false);
  }
}
