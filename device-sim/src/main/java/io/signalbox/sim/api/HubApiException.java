package io.signalbox.sim.api;

/** The hub answered, and the answer is no. The message is one line for the user. */
public final class HubApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /** A refusal with its HTTP status; an answer, so it carries no stack trace. */
  public HubApiException(int status, String message) {
    this(status, "", message);
  }

  /** A refusal with the stable word for its kind, such as {@code queue-full}. */
  public HubApiException(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** Whether the hub says so in this word. */
  public boolean is(String word) {
    return code.equals(word);
  }

  /** Whether there is no such thing. */
  public boolean isNotFound() {
    return status == 404;
  }

  /** Whether asking again later may help: the hub is starting, draining, busy or in trouble. */
  public boolean mayPass() {
    return status == 429 || status >= 500;
  }
}
