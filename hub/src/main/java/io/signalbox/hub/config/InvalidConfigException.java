package io.signalbox.hub.config;

import java.util.List;

/** The configuration is invalid; lists every fault, one per line. */
public final class InvalidConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> faults;

  InvalidConfigException(List<String> faults) {
    super(String.join("\n", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** The faults, such as {@code http.port: 99999 is not in 0..65535 (from --http-port)}. */
  public List<String> faults() {
    return faults;
  }
}
