package io.signalbox.sim;

/** Starts the simulator. */
public final class Main {
  private Main() {}

  /** Runs the simulator with the given command line. */
  public static void main(String[] args) {
    System.out.println(args.length);
  }
}
