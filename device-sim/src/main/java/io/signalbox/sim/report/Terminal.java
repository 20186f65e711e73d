package io.signalbox.sim.report;

import java.io.IOException;

/** Detects an interactive terminal. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether standard output is a terminal. Uses {@code test -t}, because {@code System.console()}
   * is non-null for a pipe on some JDKs and null if only input is redirected.
   */
  public static boolean isOutput() {
    try {
      return new ProcessBuilder("test", "-t", "1").inheritIO().start().waitFor() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
