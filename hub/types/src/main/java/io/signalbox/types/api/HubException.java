package io.signalbox.types.api;

import java.util.List;

/** The hub cannot be reached or has refused a request. The message is one line for the user. */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<Fault> faults;

  /**
   * A fault of a definition.
   *
   * @param pointer JSON Pointer into the definition
   */
  public record Fault(String pointer, String detail) {}

  /**
   * Creates an exception without a stack trace.
   *
   * @param status of the response; 0 if there was none
   */
  HubException(int status, String message, List<Fault> faults) {
    super(message, null, false, false);
    this.status = status;
    this.faults = List.copyOf(faults);
  }

  /** Whether the definition is wrong or too large. */
  public boolean isInvalid() {
    return status == 400 || status == 413 || status == 422;
  }

  /** Whether the key lacks a scope. */
  public boolean isForbidden() {
    return status == 403;
  }

  /** Whether the type has been changed by somebody else. */
  public boolean isConflict() {
    return status == 412;
  }

  boolean isNotFound() {
    return status == 404;
  }

  /** The faults of the definition; empty if the hub listed none. */
  public List<Fault> faults() {
    return faults;
  }
}
