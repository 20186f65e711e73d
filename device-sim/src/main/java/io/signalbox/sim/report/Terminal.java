package io.signalbox.sim.report;

import java.io.IOException;

/** Whether somebody is looking. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether standard output is a terminal. The shell's own {@code test -t} is asked, because {@code
   * System.console()} says yes to a pipe on some JDKs and no when only input is redirected.
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
