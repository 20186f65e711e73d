package io.signalbox.sim.api;

/** Error response of the hub. The message is one line for the user. */
public final class HubApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /** Creates an error with its HTTP status and no stack trace. */
  public HubApiException(int status, String message) {
    this(status, "", message);
  }

  /** Creates an error with its problem code, such as {@code queue-full}. */
  public HubApiException(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** Whether the problem code is {@code code}. */
  public boolean is(String expected) {
    return code.equals(expected);
  }

  /** Whether the status is 404. */
  public boolean isNotFound() {
    return status == 404;
  }

  /** Whether a retry may succeed: the hub is starting, draining, overloaded or failing. */
  public boolean isRetryable() {
    return status == 429 || status >= 500;
  }
}
