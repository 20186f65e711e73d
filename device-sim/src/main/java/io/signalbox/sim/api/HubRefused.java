package io.signalbox.sim.api;

/** The hub answered, and the answer is no. The message is one line for the user. */
public final class HubRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /** A refusal with its HTTP status; an answer, so it carries no stack trace. */
  public HubRefused(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** Whether asking again later may help: the hub is starting, draining, busy or in trouble. */
  public boolean mayPass() {
    return status == 429 || status >= 500;
  }
}
