package io.signalbox.types;

import java.io.IOException;

/** A file cannot be written. */
final class UnwritableFileException extends IOException {
  private static final long serialVersionUID = 1L;

  UnwritableFileException(String file, IOException cause) {
    super(file + " cannot be written", cause);
  }
}
