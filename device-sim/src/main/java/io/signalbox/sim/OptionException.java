package io.signalbox.sim;

/** Invalid command line option; the message is one line for the user. */
final class OptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OptionException(String message) {
    super(message, null, false, false);
  }
}
