package io.signalbox.sim;

/** The command line asks for something that cannot be; the message is one line for the user. */
final class OptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OptionException(String message) {
    super(message, null, false, false);
  }
}
