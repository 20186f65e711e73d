package io.signalbox.hub;

import java.util.Objects;

/** The hub cannot start: one line that says why and what to do, and the exit code. */
final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Something that is needed cannot be had: a port, an address (EX_UNAVAILABLE). */
  static final int UNAVAILABLE = 69;

  /** A fault of the program (EX_SOFTWARE). */
  static final int SOFTWARE = 70;

  /** The data directory cannot be used (EX_IOERR). */
  static final int IO = 74;

  /** The configuration is wrong (EX_CONFIG). */
  static final int CONFIG = 78;

  private final int exitCode;

  StartupException(int exitCode, String line) {
    super(line, null, false, false);
    this.exitCode = exitCode;
  }

  /** What to tell the person who started the hub. */
  String line() {
    return Objects.requireNonNull(getMessage());
  }

  int exitCode() {
    return exitCode;
  }
}
