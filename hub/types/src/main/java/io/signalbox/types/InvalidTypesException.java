package io.signalbox.types;

import java.util.List;

/** The hub refuses definitions. */
final class InvalidTypesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  InvalidTypesException(List<String> faults) {
    super(String.join("; ", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** A line for each fault, with its place. */
  List<String> faults() {
    return faults;
  }
}
