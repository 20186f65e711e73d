package io.signalbox.hub;

import java.util.Objects;

/** The hub cannot start: one line with the reason and the remedy, and the exit code. */
final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A required resource is unavailable: a port, an address (EX_UNAVAILABLE). */
  static final int UNAVAILABLE = 69;

  /** Internal error (EX_SOFTWARE). */
  static final int SOFTWARE = 70;

  /** The data directory cannot be used (EX_IOERR). */
  static final int IO = 74;

  /** The configuration is invalid (EX_CONFIG). */
  static final int CONFIG = 78;

  private final int exitCode;

  StartupException(int exitCode, String line) {
    super(line, null, false, false);
    this.exitCode = exitCode;
  }

  /** The line to print to standard error. */
  String line() {
    return Objects.requireNonNull(getMessage());
  }

  int exitCode() {
    return exitCode;
  }
}
