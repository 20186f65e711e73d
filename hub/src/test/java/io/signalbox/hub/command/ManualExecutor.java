package io.signalbox.hub.command;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * The thread of a room whose steps a test takes one by one: what it has not run when the process is
 * killed is never run.
 *
 * <p>Threading: one thread.
 */
final class ManualExecutor implements Executor {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  @Override
  public void execute(Runnable step) {
    steps.add(step);
  }

  /** Takes every step, and those that follow from them. */
  void run() {
    run(Integer.MAX_VALUE);
  }

  /** Takes so many steps at most. */
  void run(int most) {
    for (int i = 0; i < most && !steps.isEmpty(); i++) {
      steps.remove().run();
    }
  }
}
