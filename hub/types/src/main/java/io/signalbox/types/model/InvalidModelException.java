package io.signalbox.types.model;

/** A model cannot be converted. */
public final class InvalidModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pointer;
  private final String reason;

  InvalidModelException(String pointer, String reason) {
    super(pointer + " " + reason, null, false, false);
    this.pointer = pointer;
    this.reason = reason;
  }

  /** The place of the fault. */
  public String pointer() {
    return pointer;
  }

  /** What is wrong. */
  public String reason() {
    return reason;
  }
}
